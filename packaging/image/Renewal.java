// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.ByteBuffer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// Gives class files from before Java 6 the form of Java 8: the same code with stack maps.
///
/// Without stack maps a class is verified by the old, slow verifier at each start and has no place in a shared archive: picocli
/// would cost a command more than its work.
final class Renewal {
    /// The first version whose classes must have stack maps if they have a newer number than 50.
    private static final int WITH_STACK_MAPS = 50;

    /// The bytes up to the version's end.
    private static final int HEAD = 8;

    private final JarFile jar;
    private final ClassFile files;

    Renewal(JarFile jar) {
        this.jar = jar;
        this.files =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(this::classFile)
                                        .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    private InputStream classFile(ClassDesc type) {
        String name = type.descriptorString();
        JarEntry entry = jar.getJarEntry(name.substring(1, name.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the jar has such classes.
    boolean isDue() throws IOException {
        for (JarEntry entry : jar.stream().toList()) {
            try (InputStream in = jar.getInputStream(entry)) {
                if (isOld(entry.getName(), in.readNBytes(HEAD))) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The content of an entry, renewed if it is such a class.
    byte[] of(JarEntry entry) throws IOException {
        byte[] bytes = bytes(entry);
        if (!isOld(entry.getName(), bytes)) {
            return bytes;
        }
        ClassTransform version =
                (to, element) -> {
                    if (element instanceof ClassFileVersion) {
                        to.withVersion(ClassFile.JAVA_8_VERSION, 0);
                    } else {
                        to.with(element);
                    }
                };
        // The code passes through, or it would be copied as it stands.
        ClassTransform code = ClassTransform.transformingMethodBodies((to, element) -> to.with(element));
        return files.transformClass(files.parse(bytes), version.andThen(code));
    }

    private static boolean isOld(String name, byte[] bytes) {
        return name.endsWith(".class") && ByteBuffer.wrap(bytes).getShort(6) < WITH_STACK_MAPS;
    }

    private byte[] bytes(JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
