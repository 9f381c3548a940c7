import type { Rule, Rules } from '../language.ts';

const SWITCHED_ON: Rule = {
  values: { 1: 'modify', ON: 'modify', on: 'modify', true: 'modify' },
  otherwise: 'weaken',
};
const SWITCHED_OFF: Rule = {
  values: { 0: 'modify', OFF: 'modify', off: 'modify', false: 'modify' },
  otherwise: 'weaken',
};

/** What takes longer is recorded, in milliseconds. */
const SLOWER_THAN: Rule = { number: 'delays', absent: -1, endless: -1 };

/**
 * The parameters of MySQL, MariaDB and PostgreSQL that are set most often. Those that aren't here are unjudged: some
 * let in connections without TLS, end the audit, or refuse writes. Any of them with another value may keep a database
 * from starting, or those who use it out; members say what is worse than that.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
 */
export const PARAMETERS: Rules = [
  'disrupt',
  {
    members: {
      'auto_explain.log_min_duration': SLOWER_THAN,
      autovacuum: SWITCHED_ON,
      autovacuum_analyze_scale_factor: 'modify',
      autovacuum_max_workers: 'modify',
      autovacuum_naptime: 'modify',
      autovacuum_vacuum_cost_limit: 'modify',
      autovacuum_vacuum_scale_factor: 'modify',
      // Those who read the changes (replicas, pipelines) lose their place, or can't follow.
      binlog_format: 'disrupt',
      binlog_row_image: 'disrupt',
      character_set_client: 'disrupt',
      character_set_connection: 'disrupt',
      character_set_database: 'disrupt',
      character_set_results: 'disrupt',
      character_set_server: 'disrupt',
      checkpoint_completion_target: 'modify',
      checkpoint_timeout: 'modify',
      collation_connection: 'disrupt',
      collation_server: 'disrupt',
      default_statistics_target: 'modify',
      default_transaction_read_only: 'disrupt',
      effective_cache_size: 'modify',
      event_scheduler: { values: { ON: 'modify', on: 'modify', 1: 'modify' }, otherwise: 'disrupt' },
      general_log: SWITCHED_ON,
      idle_in_transaction_session_timeout: 'disrupt',
      innodb_buffer_pool_size: 'modify',
      // At any other value a crash may lose what was committed.
      innodb_flush_log_at_trx_commit: { values: { 1: 'modify' }, otherwise: 'weaken', absent: '1' },
      innodb_lock_wait_timeout: { number: 'capacity', absent: 50 },
      innodb_print_all_deadlocks: SWITCHED_ON,
      interactive_timeout: 'capacity',
      join_buffer_size: 'modify',
      local_infile: SWITCHED_OFF,
      lock_timeout: 'disrupt',
      log_bin_trust_function_creators: SWITCHED_OFF,
      log_connections: SWITCHED_ON,
      log_disconnections: SWITCHED_ON,
      log_lock_waits: SWITCHED_ON,
      log_min_duration_statement: SLOWER_THAN,
      // To a table it is written where what reads the files doesn't see it.
      log_output: 'weaken',
      log_statement: { order: ['none', 'ddl', 'mod', 'all'], less: 'weaken', absent: 'none' },
      long_query_time: { number: 'delays', absent: 10 },
      maintenance_work_mem: 'modify',
      max_allowed_packet: 'capacity',
      max_connections: 'capacity',
      max_heap_table_size: 'modify',
      max_parallel_workers: 'modify',
      max_parallel_workers_per_gather: 'modify',
      max_replication_slots: 'capacity',
      max_wal_senders: 'capacity',
      max_wal_size: 'modify',
      max_worker_processes: 'capacity',
      min_wal_size: 'modify',
      password_encryption: { order: ['md5', 'scram-sha-256'], less: 'weaken', absent: 'md5' },
      performance_schema: SWITCHED_ON,
      'pg_stat_statements.max': 'modify',
      'pg_stat_statements.track': { order: ['none', 'top', 'all'], less: 'weaken', absent: 'top' },
      'pgaudit.log': 'weaken',
      'pgaudit.role': 'weaken',
      random_page_cost: 'modify',
      'rds.accepted_password_auth_method': { order: ['md5+scram', 'scram'], less: 'weaken', absent: 'md5+scram' },
      'rds.force_admin_logging_level': 'weaken',
      'rds.force_autovacuum_logging_level': 'modify',
      'rds.force_ssl': SWITCHED_ON,
      'rds.log_retention_period': { number: 'expires', absent: 4320 },
      'rds.logical_replication': { values: { 1: 'modify' }, otherwise: 'disrupt', absent: '0' },
      'rds.restrict_password_commands': SWITCHED_ON,
      read_only: 'disrupt',
      require_secure_transport: SWITCHED_ON,
      server_audit_events: 'weaken',
      server_audit_logging: SWITCHED_ON,
      shared_buffers: 'modify',
      // pgaudit may be one of them.
      shared_preload_libraries: 'weaken',
      slow_query_log: SWITCHED_ON,
      sort_buffer_size: 'modify',
      sql_mode: 'disrupt',
      ssl: SWITCHED_ON,
      ssl_min_protocol_version: { order: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'], less: 'weaken' },
      statement_timeout: 'disrupt',
      sync_binlog: { values: { 1: 'modify' }, otherwise: 'weaken', absent: '1' },
      synchronous_commit: { values: { on: 'modify', remote_apply: 'modify' }, otherwise: 'weaken', absent: 'on' },
      table_open_cache: 'modify',
      time_zone: 'disrupt',
      timezone: 'disrupt',
      tls_version: 'weaken',
      tmp_table_size: 'modify',
      track_activity_query_size: 'modify',
      transaction_isolation: 'disrupt',
      tx_isolation: 'disrupt',
      wait_timeout: 'capacity',
      wal_buffers: 'modify',
      work_mem: 'modify',
    },
  },
];
