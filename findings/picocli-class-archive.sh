#!/bin/sh
# picocli 4.7.7 and OpenJDK's class archives (17.0.21 as Debian has it): the archive that -XX:ArchiveClassesAtExit makes of a command
# holds not one class of picocli, the largest part of the command's start. All but its module-info are class files of Java 5
# (major version 49), which have no stack maps; a dynamic archive leaves those out, with warnings and exit status 0. A static one
# (-Xshare:dump) of OpenJDK 17 takes them; that of OpenJDK 25 (not run here) leaves most of them out, too, since they were linked.
#
# Output seen: how many classes of picocli a run of the command takes from the archive, and from the jar.
set -eu
version=17.0.21.1+2-1~deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "openjdk-17-jdk-headless=$version" "openjdk-17-jre-headless=$version" >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
home=$(echo "$dir"/root/usr/lib/jvm/java-17-openjdk-*)
# its configuration lies in /etc, by links
for link in $(find "$home" -type l -lname '/etc/*'); do ln -sf "$dir/root$(readlink "$link")" "$link"; done
mvn -q --batch-mode dependency:copy -Dartifact=info.picocli:picocli:4.7.7 -DoutputDirectory="$dir" >/dev/null
cat > Greet.java <<'JAVA'
import picocli.CommandLine;

@CommandLine.Command(name = "greet")
class Greet implements Runnable {
    @CommandLine.Option(names = "--name")
    String name = "";

    @Override
    public void run() {
        System.err.println("Hello " + name);
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Greet()).execute(args));
    }
}
JAVA
"$home/bin/javac" -proc:none -cp picocli-4.7.7.jar -d classes Greet.java
"$home/bin/jar" cf greet.jar -C classes .
path=greet.jar:picocli-4.7.7.jar
run() { "$home/bin/java" "$@" -cp "$path" Greet --name=Ada 2>/dev/null; }
count() {
    run -XX:SharedArchiveFile="$1" -Xlog:class+load | awk -v kind="$2" '
        / picocli[.]/ { if (/shared objects file/) archive++; else jar++ }
        END { printf "%s: %d from the archive, %d from the jar\n", kind, archive, jar }'
}
run -XX:ArchiveClassesAtExit=dynamic.jsa >/dev/null
run -Xshare:off -XX:DumpLoadedClassList=classes.lst >/dev/null
"$home/bin/java" -Xshare:dump -XX:SharedClassListFile=classes.lst -XX:SharedArchiveFile=static.jsa -cp "$path" >/dev/null 2>&1
{
    count dynamic.jsa dynamic
    count static.jsa static
} | tee seen
printf '%s\n' "dynamic: 0 from the archive, 167 from the jar" "static: 167 from the archive, 0 from the jar" | cmp - seen
