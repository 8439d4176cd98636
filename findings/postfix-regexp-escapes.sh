#!/bin/sh
# Postfix 3.7.11 with Debian 12's glibc 2.36: in a regexp: table \w, \s and \b mean what they mean in pcre:, and a backslash in front
# of a letter that glibc does not know is thought to be that letter. It is not: tables fold case (REG_ICASE) unless a pattern ends in
# /i, and then glibc turns the text into capitals and leaves the escaped letter as it is: \d matches neither a digit nor "d" nor "D",
# that is, nothing ever, while \D matches "d" and "D". Case-sensitive (/i), \d is the letter d. Nothing is said about any of it: a
# rule with \d that was written for pcre: opens, and never fires.
#
# Output seen: "\w w:1 \d 4:0 \d d:0 \d D:0 \D d:1 \D D:1 \d/i 4:0 \d/i d:1" (pattern, text, 1 for a match).
set -eu
version=3.7.11-0+deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "postfix=$version" >/dev/null 2>&1
dpkg -x postfix_*.deb root
export LD_LIBRARY_PATH="$dir/root/usr/lib/postfix"
mkdir conf
printf '%s\n' "compatibility_level = 3.6" "shlib_directory = $dir/root/usr/lib/postfix" > conf/main.cf
ask() {
    printf '/^%s$/%s yes\n' "$1" "$2" > table
    root/usr/sbin/postmap -c conf -q "$3" "regexp:$dir/table" | wc -l
}
seen=$(printf '%s ' '\w w':$(ask '\w' '' w) '\d 4':$(ask '\d' '' 4) '\d d':$(ask '\d' '' d) '\d D':$(ask '\d' '' D) \
    '\D d':$(ask '\D' '' d) '\D D':$(ask '\D' '' D) '\d/i 4':$(ask '\d' i 4) '\d/i d':$(ask '\d' i d))
echo "seen: $seen"
[ "$seen" = '\w w:1 \d 4:0 \d d:0 \d D:0 \D d:1 \D D:1 \d/i 4:0 \d/i d:1 ' ]
