#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts the program whose name this file is called by: postqueue -> org.postino.commands.Postqueue.
# The Java machine would open files of its own under the numbers of standard streams that are closed.
if [ -d /proc/self/fd ]; then
    [ -h /proc/self/fd/0 ] || exec </dev/null
    [ -h /proc/self/fd/1 ] || exec >/dev/null
    [ -h /proc/self/fd/2 ] || exec 2>/dev/null
fi
# No Java machine starts in a directory that is gone: nothing can be meant by a relative name there.
[ "$PWD" -ef . ] || [ -n "$(pwd -P 2>/dev/null)" ] || cd /
self=$0
while [ -h "$self" ]; do
    link=$(readlink "$self")
    case $link in
        /*) self=$link ;;
        */*) self=${self%/*}/$link ;;
        *) break ;;
    esac
done
case $self in
    */*) home=${self%/*}/.. ;;
    *) home=$(command -v "$self"); home=${home%/*}/.. ;;
esac
home=$(cd "$home" && pwd -P) || exit 1
launcher=$home/bin/postino
# A package's own files are replaced by the next version's while the suite runs: postinst says what to run from.
if [ -d "$home/now" ]; then home=$(cd "$home/now" && pwd -P) || exit 1; fi
name=${0##*/}
room=commands
case $name in
    postino) class=Postino ;;
    postqueue) class=Postqueue ;;
    postsuper) class=Postsuper ;;
    postcat) class=Postcat ;;
    postconf) class=Postconf ;;
    postmap) class=Postmap ;;
    postalias) class=Postalias ;;
    newaliases) class=Newaliases ;;
    sendmail) class=Sendmail ;;
    mailq) class=Mailq ;;
    postlog) class=Postlog ;;
    postuser) class=Postuser ;;
    postmail) class=Postmail room=postmail ;;
    postexplain) class=Postexplain ;;
    *) echo "$name: not a command of Postino" >&2; exit 64 ;;
esac
path=
LC_ALL=C
# A Java machine knows its directory in the locale's encoding alone, and this name for every other.
here=
case $PWD in *[!\ -~]*) here=-Duser.dir=/proc/self/cwd ;; esac
for jar in "$home"/lib/*.jar; do path=$path${path:+:}$jar; done
archive=$home/lib/postino.jsa
# Whoever submits a letter must not take a Java machine that cannot start for a letter that was refused.
start=exec
if [ "$name" = sendmail ]; then start=; fi
# shellcheck disable=SC2086  # options are words
$start "$home/runtime/bin/java" -XX:+UseSerialGC -XX:-UsePerfData -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=6 -Xmx256m -Xshare:auto \
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 \
    -XX:CompressedClassSpaceSize=32m -XX:ReservedCodeCacheSize=16m \
    ${POSTINO_NO_ARCHIVE-"-XX:SharedArchiveFile=$archive"} -Xlog:disable \
    -Dsun.jnu.encoding=ISO-8859-1 -Dfile.encoding=ISO-8859-1 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 \
    --enable-native-access=ALL-UNNAMED -Dslf4j.provider=org.postino.log.PostinoLogProvider \
    -Dslf4j.internal.verbosity=WARN -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider $here \
    -Dpostino.home="$home" -Dpostino.launcher="$launcher" ${POSTINO_JAVA_OPTIONS-} -cp "$path" "org.postino.$room.$class" "$@"
status=$?
[ $status != 1 ] || status=75
exit $status
