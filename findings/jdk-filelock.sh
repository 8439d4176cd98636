#!/bin/sh
# OpenJDK 17 (17.0.21 as Debian has it; 25 does the same): a lock that FileChannel.lock() took is gone for other processes after
# Files.setLastModifiedTime or Files.copy of the same file, and FileLock.isValid() stays true. That closing a descriptor gives up
# the locks of POSIX is known; that setting a time closes one is not to be seen: utimensat(2) needs no descriptor, but the
# JDK opens the file, calls futimens and closes it. Files.setPosixFilePermissions, beside it, opens nothing.
#
# Output seen: one line for each, "held" or "lost" as another process finds the lock, then isValid().
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
cat > Locks.java <<'JAVA'
import java.nio.channels.*;
import java.nio.file.*;
import java.nio.file.attribute.*;

class Locks {
    interface Work { void run(Path f) throws Exception; }

    static void attempt(String what, Work work) throws Exception {
        Path f = Files.writeString(Path.of("f"), "text");
        try (var channel = FileChannel.open(f, StandardOpenOption.WRITE)) {
            FileLock lock = channel.lock();
            work.run(f);
            var perl = new ProcessBuilder("perl", "-MFcntl", "-e",
                    "open(F,'+<','f');my $l=pack('s s x4 q q i x4',F_WRLCK,0,0,0,0);print fcntl(F,F_SETLK,$l)?'lost':'held'");
            String seen = new String(perl.start().getInputStream().readAllBytes());
            System.out.println(what + " " + seen + " " + lock.isValid());
        }
    }

    public static void main(String[] args) throws Exception {
        attempt("nothing", f -> {});
        attempt("setPosixFilePermissions", f -> Files.setPosixFilePermissions(f, PosixFilePermissions.fromString("rw-------")));
        attempt("readAttributes", f -> Files.readAttributes(f, "unix:*"));
        attempt("setLastModifiedTime", f -> Files.setLastModifiedTime(f, FileTime.fromMillis(0)));
        attempt("copy", f -> Files.copy(f, Path.of("g"), StandardCopyOption.REPLACE_EXISTING));
    }
}
JAVA
"$home/bin/java" Locks.java | tee seen
printf '%s\n' "nothing held true" "setPosixFilePermissions held true" "readAttributes held true" \
    "setLastModifiedTime lost true" "copy lost true" | cmp - seen
