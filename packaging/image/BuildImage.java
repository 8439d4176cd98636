// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;

/// Builds the image: `bin/` with every command, `lib/`, `conf/`, `runtime/` and the shared class archive.
///
/// Run by Maven as `java BuildImage.java JARS IMAGE ROOT`; needs a JDK and nothing else. With the list of classes that another
/// machine has made as a fourth argument it is not trained here, which takes an emulated machine too long.
final class BuildImage {
    /// The parts of the JDK that Postino and its libraries use (`jdeps` says which).
    private static final List<String> MODULES =
            List.of(
                    "java.base",
                    "java.logging",
                    "java.naming",
                    "jdk.charsets",
                    "jdk.net",
                    "jdk.unsupported");

    /// The security providers of those modules; one that is missing would make the JVM search the class path.
    private static final List<String> PROVIDERS =
            List.of("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE");

    /// The property that says how the names of files are encoded. A JDK has it from the locale, whatever its command line says.
    private static final String ENCODING = "sun.jnu.encoding";

    /// What the runtime calls the locale's encoding instead; as long, since it is written over the other.
    private static final String OF_LOCALE = "loc.jnu.encoding";

    /// Where the jar of jffi keeps native code for this machine.
    private static final String OWN_NATIVE =
            "jni/"
                    + (System.getProperty("os.arch").equals("amd64")
                            ? "x86_64"
                            : System.getProperty("os.arch"))
                    + "-Linux/";

    private static final List<String> COMMANDS =
            List.of(
                    "postino",
                    "postqueue",
                    "postsuper",
                    "postcat",
                    "postconf",
                    "postmap",
                    "postalias",
                    "newaliases",
                    "sendmail",
                    "mailq",
                    "postlog",
                    "postuser",
                    "postexplain",
                    "postmail");

    private final Path jars;
    private final Path image;
    private final Path root;
    private final Optional<Path> classes;

    private BuildImage(Path jars, Path image, Path root, Optional<Path> classes) {
        this.jars = jars.toAbsolutePath().normalize();
        this.image = image.toAbsolutePath().normalize();
        this.root = root.toAbsolutePath().normalize();
        this.classes = classes;
    }

    static void main(String[] args) throws Exception {
        Optional<Path> classes = args.length > 3 ? Optional.of(Path.of(args[3])) : Optional.empty();
        new BuildImage(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), classes).build();
    }

    private void build() throws Exception {
        Files.createDirectories(image);
        libraries();
        runtime();
        commands();
        configuration();
        manual();
        var training = new Training(image);
        if (classes.isPresent()) {
            training.archive(Files.readAllLines(classes.get(), StandardCharsets.ISO_8859_1));
        } else {
            training.archive();
        }
        say("image ready: " + root.relativize(image));
    }

    /// Copies the jars without their signatures, as a signed jar is left out of a shared archive, without native code of other
    /// machines, and with class files of today's form, see [Renewal].
    private void libraries() throws IOException {
        Path lib = image.resolve("lib");
        deleteTree(lib);
        Files.createDirectories(lib);
        try (var list = Files.list(jars)) {
            for (Path jar : list.filter(p -> p.toString().endsWith(".jar")).sorted().toList()) {
                copy(jar, lib.resolve(jar.getFileName()));
            }
        }
        say("lib: jars copied");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var in = new JarFile(from.toFile(), false)) {
            var renewal = new Renewal(in);
            if (in.stream().noneMatch(e -> isSuperfluous(e.getName())) && !renewal.isDue()) {
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
                return;
            }
            try (var out = new JarOutputStream(Files.newOutputStream(to))) {
                for (var entry : (Iterable<JarEntry>) in.stream()::iterator) {
                    if (!isSuperfluous(entry.getName())) {
                        var copy = new ZipEntry(entry.getName());
                        copy.setTime(entry.getTime());
                        out.putNextEntry(copy);
                        out.write(renewal.of(entry));
                        out.closeEntry();
                    }
                }
            }
        }
    }

    private static boolean isSuperfluous(String name) {
        return isSignature(name)
                || (name.startsWith("jni/") && name.contains("-") && !name.startsWith(OWN_NATIVE));
    }

    private static boolean isSignature(String name) {
        return name.startsWith("META-INF/")
                && (name.endsWith(".SF")
                        || name.endsWith(".RSA")
                        || name.endsWith(".DSA")
                        || name.endsWith(".EC"));
    }

    /// Links the runtime, unless the one that stands there was made by this JDK from the same modules.
    private void runtime() throws IOException {
        Path runtime = image.resolve("runtime");
        String recipe =
                System.getProperty("java.home")
                        + "\n"
                        + Runtime.version()
                        + "\n"
                        + MODULES
                        + PROVIDERS
                        + "\n"
                        + ENCODING
                        + "\nbrief\n";
        Path mark = image.resolve("runtime.recipe");
        if (Files.exists(runtime.resolve("bin/java"))
                && Files.exists(mark)
                && Files.readString(mark).equals(recipe)) {
            return;
        }
        Files.deleteIfExists(mark);
        deleteTree(runtime);
        run(
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IOException("this JDK has no jlink")),
                "--add-modules",
                String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--vm",
                "server",
                "--output",
                runtime.toString());
        keepProviders(runtime.resolve("conf/security/java.security"));
        takeEncoding(runtime);
        Files.writeString(mark, recipe);
        say("runtime: linked " + String.join(" ", MODULES));
    }

    /// Lets the runtime take the encoding of names from its command line: in the class that sets the property from the locale, that
    /// gets another name. See docs/adr/0011-names-are-bytes.md.
    private static void takeEncoding(Path runtime) throws IOException {
        String setter;
        try (var classes =
                FileSystems.newFileSystem(
                        URI.create("jrt:/"), Map.of("java.home", runtime.toString()))) {
            Path file = classes.getPath("/modules/java.base/jdk/internal/util/SystemProps.class");
            setter = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        }
        Path modules = runtime.resolve("lib/modules");
        byte[] all = Files.readAllBytes(modules);
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int at = only(setter, text, "the class is stored in another form");
        int name =
                only(
                                "\u0001\0" + (char) ENCODING.length() + ENCODING,
                                setter,
                                "the property is set elsewhere")
                        + 3;
        byte[] other = OF_LOCALE.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(other, 0, all, at + name, other.length);
        Files.write(modules, all);
    }

    private static int only(String part, String whole, String otherwise) throws IOException {
        int at = whole.indexOf(part);
        if (at < 0 || whole.indexOf(part, at + 1) >= 0) {
            throw new IOException("this JDK cannot be told how names are encoded: " + otherwise);
        }
        return at;
    }

    private static void keepProviders(Path file) throws IOException {
        var out = new ArrayList<String>();
        boolean done = false;
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue; // read at each start
            }
            if (!line.startsWith("security.provider.")) {
                out.add(line);
            } else if (!done) {
                for (int i = 0; i < PROVIDERS.size(); i++) {
                    out.add("security.provider." + (i + 1) + "=" + PROVIDERS.get(i));
                }
                done = true;
            }
        }
        Files.write(file, out);
    }

    /// One launcher under every command's name; the name it is called by is the program.
    private void commands() throws IOException {
        Path bin = image.resolve("bin");
        deleteTree(bin);
        Files.createDirectories(bin);
        Path launcher = bin.resolve("postino");
        Files.copy(root.resolve("packaging/image/launcher.sh"), launcher);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String command : COMMANDS) {
            if (!command.equals("postino")) {
                Files.createSymbolicLink(bin.resolve(command), Path.of("postino"));
            }
        }
    }

    private void configuration() throws IOException {
        Path conf = image.resolve("conf");
        deleteTree(conf);
        Files.createDirectories(conf);
        Path source = root.resolve("conf");
        try (var tree = Files.walk(source)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                Path copy = conf.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /// The manual pages, which stand beside their programs, for `man -M`. Programs and files get a suffix behind the
    /// section, since other packages have pages of these names too.
    private void manual() throws IOException {
        Path man = image.resolve("share/man");
        deleteTree(man);
        try (var found = Files.find(root, 2, (p, a) -> a.isRegularFile())) {
            for (Path page :
                    found.filter(p -> p.getFileName().toString().matches("[a-z0-9_-]+\\.[1-8]"))
                            .toList()) {
                String name = page.getFileName().toString();
                char section = name.charAt(name.length() - 1);
                Path to =
                        man.resolve("man" + section)
                                .resolve(
                                        section == '5' || section == '8' ? name + "postino" : name);
                Files.createDirectories(to.getParent());
                Files.copy(page, to);
            }
        }
    }

    private static void run(ToolProvider tool, String... args) throws IOException {
        int status = tool.run(System.out, System.err, args);
        if (status != 0) {
            throw new IOException(tool.name() + " ended with status " + status);
        }
    }

    static void say(String text) {
        PrintStream out = System.out;
        out.println("[image] " + text);
    }

    static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top)) {
            return;
        }
        try (var all = Files.walk(top)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
