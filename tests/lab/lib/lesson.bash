# SPDX-License-Identifier: Apache-2.0
# The words that lessons are written in.
# shellcheck shell=bash

lesson_files() { ls "$here"/lessons/*.lesson; }
lesson_name() { basename "$1" .lesson | sed 's/^[0-9]*-//'; }

demo() {
    local file name failed=0
    if [ $# -eq 0 ]; then
        echo "Lessons (lab demo NAME, or lab demo all):"
        for file in $(lesson_files); do
            printf '  %-16s %s\n' "$(lesson_name "$file")" "$(sed -n 's/^title "\(.*\)"$/\1/p' "$file" | head -n 1)"
        done
        return
    fi
    need_up
    if [ "$1" = all ]; then
        set -- $(for file in $(lesson_files); do lesson_name "$file"; done)
    fi
    for name in "$@"; do
        file=$(lesson_files | grep -E "/[0-9]*-$name\.lesson$" || true)
        [ -n "$file" ] || fail "no lesson $name; the list: lab demo"
        # A lesson that goes wrong leaves the hosts as they were all the same.
        if ! (play "$file"); then
            failed=1
            echo "lab: the lesson $name did not go as it should" >&2
        fi
    done
    return $failed
}

play() {
    trap tidy EXIT
    undo=()
    talked=$(mktemp "$lab/.talk.XXXXXX")
    . "$1"
    echo
    echo "${bold}-- end of the lesson$plain"
}

tidy() {
    local step i
    for ((i = ${#undo[@]} - 1; i >= 0; i--)); do
        step=${undo[$i]}
        eval "$step" >/dev/null 2>&1 || echo "lab: could not undo: $step" >&2
    done
    rm -f "$talked"
}

# later COMMAND: to be done at the end of the lesson, come what may.
later() { undo+=("$1"); }

title() { printf '\n%s=== %s ===%s\n' "$bold" "$1" "$plain"; }
step() { printf '\n%s-- %s%s\n' "$bold" "$1" "$plain"; }
tell() { fold -s -w 110 <<<"$*" | sed 's/ *$//; s/^/   /'; }

# expect WHAT COMMAND...: the lesson fails if the command does.
expect() {
    local what=$1
    shift
    "$@" >/dev/null 2>&1 || { echo "   NOT SO: $what"; exit 1; }
    echo "   [ok] $what"
}

# talk HOST ADDRESS PORT [FROM] <<script: a conversation from a host, shown; $queue_id is that of the letter taken, if any.
talk() {
    local host=$1
    shift
    if ! on "$host" "${java[@]}" org.postino.kit.Talk "$@" \
        >"$talked" 2>&1; then
        sed 's/^/   /' "$talked"
        echo "   NOT SO: the conversation went otherwise"
        exit 1
    fi
    sed 's/^/   /' "$talked"
    queue_id=$(sed -n 's/.*queued as \([0-9A-Za-z]*\)$/\1/p' "$talked" | tail -n 1)
}

# letter FROM TO SUBJECT [RECIPIENT...]: by hand on the sender's host, not shown; $queue_id.
letter() {
    local from=$1 to=$2 subject=$3 host
    host=$(host_of "$from")
    queue_id=''
    on "$host" "${java[@]}" org.postino.kit.Talk 127.0.0.1 25 \
        >"$talked" 2>&1 <<EOF || { sed 's/^/   /' "$talked"; exit 1; }
S: 220
C: EHLO $host
S: 250
C: MAIL FROM:<$from>
S: 250
C: RCPT TO:<$to>
S: 250
C: DATA
S: 354
C: From: $from
C: To: $to
C: Subject: $subject
C:
C: A letter of the lesson.
C: .
S: 250
C: QUIT
S: 221
EOF
    queue_id=$(sed -n 's/.*queued as \([0-9A-Za-z]*\)$/\1/p' "$talked" | tail -n 1)
    echo "   $from writes to $to; $host has it as $queue_id"
}

log_of() { cat "$lab/$1/log/mail.log"; }
# A log line as it is read best: without date, host and process number.
short() { sed -E 's/^[A-Z][a-z]{2} [ 0-9][0-9] ([0-9:]+) [^ ]+ /\1 /; s/\[[0-9]+\]: /: /; s/^/   /'; }

# await_log HOST TEXT [SECONDS]: waits for a log line with the text and shows it; $found.
await_log() {
    local host=$1 text=$2
    wait_for "the log line \"$text\" on $host" "${3:-40}" grep -qF -- "$text" "$lab/$host/log/mail.log"
    found=$(grep -F -- "$text" "$lab/$host/log/mail.log" | tail -n 1)
    short <<<"$found"
}

# await_fate HOST ID TEXT [SECONDS]: waits for a line of this letter with the text, and shows it; $found.
await_fate() {
    local host=$1 id=$2 text=$3
    wait_for "\"$id: ...$text\" on $host" "${4:-40}" grep -qE -- " $id: .*$text" "$lab/$host/log/mail.log"
    found=$(grep -E -- " $id: .*$text" "$lab/$host/log/mail.log" | tail -n 1)
    short <<<"$found"
}

# trace HOST ID: all that the log says of a letter.
trace() { grep -F -- " $2: " "$lab/$1/log/mail.log" | short; }

show_queue() { on "$1" postqueue -p | sed 's/^/   /'; }

# await_letter ADDRESS TEXT [SECONDS]: waits for a letter with this text in its file; $file.
await_letter() {
    wait_for "a letter for $1 with \"$2\"" "${3:-40}" has_letter "$1" "$2"
    file=$(letters "$1" | tr '\n' '\0' | xargs -0 grep -lF -- "$2" | tail -n 1)
}

has_letter() { letters "$1" | tr '\n' '\0' | xargs -0 grep -lF -- "$2" 2>/dev/null | grep -q .; }

# header: the header of $file.
header() { sed '/^\r*$/q' "$file" | sed 's/^/   /'; }

# settings HOST NAME=VALUE...: until the end of the lesson.
settings() {
    local host=$1
    shift
    cp "$lab/$host/main.cf" "$lab/$host/main.cf.before"
    later "cp '$lab/$host/main.cf.before' '$lab/$host/main.cf'; on $host postino reload"
    on "$host" postconf -e "$@"
    on "$host" postino reload
    printf '   %s# postconf -e' "$host"
    printf ' "%s"' "$@"
    printf '\n   %s# postino reload\n' "$host"
}

# rows HOST <<rows: more rows for master.cf, until the end of the lesson; in force with the next settings.
rows() {
    cp "$lab/$1/master.cf" "$lab/$1/master.cf.before"
    later "mv '$lab/$1/master.cf.before' '$lab/$1/master.cf'; on $1 postino reload"
    tee -a "$lab/$1/master.cf" | sed 's/^/   /'
}

# needs PROGRAM PACKAGE: the lesson is over if the machine has no such program.
needs() {
    command -v "$1" >/dev/null && return
    echo "   (skipped: it needs $1: apt-get install $2)"
    exit 0
}

# filter HOST PORT COMMAND...: a program that listens on a port of the host until the end of the lesson.
filter() {
    local host=$1 port=$2
    shift 2
    on "$host" setsid bash -c 'echo $$ >"$1"; exec "${@:2}"' - "/run/$1.pid" "$@" \
        >"$lab/$host/$1.out" 2>&1 </dev/null &
    disown
    later "stop_filter $host $1"
    wait_for "$1 on $host; see $lab/$host/$1.out" 60 on "$host" bash -c ": </dev/tcp/127.0.0.1/$port"
    echo "   $host# $*"
}

# stop_filter HOST COMMAND: ends it, and its children.
stop_filter() {
    on "$1" bash -c 'kill $(cat "$0") && kill -- -$(cat "$0"); rm "$0"' "/run/$2.pid" 2>/dev/null || true
}

# A subject that nothing else in the lab has.
unique() { echo "$1 $(date +%s%N | tail -c 8)"; }
