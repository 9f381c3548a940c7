-- One login for each part, with a password of its own; after `store migrate`, which makes the roles.
\set hub `cat /run/secrets/hub_password`
\set runner `cat /run/secrets/runner_password`
\set people `cat /run/secrets/people_password`
CREATE ROLE hub LOGIN PASSWORD :'hub';
CREATE ROLE runner LOGIN PASSWORD :'runner';
CREATE ROLE people LOGIN PASSWORD :'people';
GRANT holdshort_agent, holdshort_approver, holdshort_notifier TO hub;
GRANT holdshort_executor TO runner;
GRANT holdshort_approver, holdshort_auditor TO people;
