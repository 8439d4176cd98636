// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A shared library of the system, loaded when its first function is called. Safe for use by several threads.
final class NativeLibrary {
    private final String file;
    private final String debianPackage;
    private final ConcurrentHashMap<String, MemorySegment> functions = new ConcurrentHashMap<>();
    private @Nullable SymbolLookup symbols; // guarded by this

    /// @param file the name by which programs are linked with it, as `libpam.so.0`
    /// @param debianPackage what to install if it is missing
    NativeLibrary(String file, String debianPackage) {
        this.file = file;
        this.debianPackage = debianPackage;
    }

    /// The address of a function.
    ///
    /// @throws IOException the library is not installed, or has no such function
    MemorySegment function(String name) throws IOException {
        MemorySegment known = functions.get(name);
        if (known != null) {
            return known;
        }
        MemorySegment found =
                symbols()
                        .find(name)
                        .orElseThrow(() -> new IOException(file + " has no function " + name));
        functions.put(name, found);
        return found;
    }

    /// Calls a function whose arguments are integers and pointers; the result is a pointer.
    long pointer(String name, long... arguments) throws IOException {
        return Libc.callAt(function(name), arguments);
    }

    /// Calls a function whose arguments are integers and pointers; the result is an `int`.
    int integer(String name, long... arguments) throws IOException {
        return (int) Libc.callAt(function(name), arguments);
    }

    private synchronized SymbolLookup symbols() throws IOException {
        SymbolLookup loaded = symbols;
        if (loaded == null) {
            try {
                loaded = SymbolLookup.libraryLookup(file, Arena.global());
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        file + " cannot be loaded; is the package " + debianPackage + " installed?",
                        e);
            }
            symbols = loaded;
        }
        return loaded;
    }
}
