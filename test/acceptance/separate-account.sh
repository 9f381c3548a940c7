# Runs as root in a mount namespace of its own: the accounts, the rule and the folders below exist here only, and go with it.
# $1 a folder for the files, $2 the checkout, $3 a Node
set -euo pipefail
files=$1 checkout=$2 node=$3
for name in passwd group shadow; do cp "/etc/$name" "$files/$name"; done
echo 'holdshort:x:61234:61234::/var/lib/holdshort:/usr/sbin/nologin' >>"$files/passwd"
echo 'dev:x:61235:61235::/home/dev:/bin/sh' >>"$files/passwd"
printf 'holdshort:x:61234:\ndev:x:61235:\n' >>"$files/group"
printf 'holdshort:*:19000::::::\ndev:*:19000::::::\n' >>"$files/shadow"
for name in passwd group shadow; do mount --bind "$files/$name" "/etc/$name"; done
visudo -c -q -f "$files/sudoers"
chown root:root "$files/sudoers"
chmod 440 "$files/sudoers"
mount --bind "$files/sudoers" /etc/sudoers
for folder in /opt /var/lib /home; do mount -t tmpfs none "$folder"; done
chmod 755 /opt /var/lib /home
package=/opt/holdshort/lib/node_modules/holdshort
mkdir -p /opt/holdshort/bin "$package"
install -m 755 "$node" /opt/holdshort/bin/node
cp -r "$checkout/dist" "$checkout/package.json" "$package"
mkdir "$package/node_modules"
for name in better-sqlite3 @cedar-policy; do cp -rL "$checkout/node_modules/$name" "$package/node_modules/$name"; done
install -d -m 700 -o 61234 -g 61234 /var/lib/holdshort /var/lib/holdshort/.aws
install -m 600 -o 61234 -g 61234 "$files/aws" /var/lib/holdshort/.aws/config
install -d -m 700 -o 61235 -g 61235 /home/dev
echo ready
exec sleep infinity
