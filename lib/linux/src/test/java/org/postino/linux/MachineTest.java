// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What differs between machines, compared with the kernel's own headers (Debian's `linux-libc-dev` and
/// `linux-libc-dev-arm64-cross`) where they are installed.
class MachineTest {
    private static final Pattern DEFINE =
            Pattern.compile("#\\s*define\\s+(\\w+)\\s+\\(?(\\w+)(\\s*[+|]\\s*\\w+)*\\)?.*");

    /// Calls that newer kernels have no more, nor their headers perhaps.
    private static final Set<SystemCall> WITHDRAWN =
            Set.of(
                    SystemCall.CREATE_MODULE,
                    SystemCall.LOOKUP_DCOOKIE,
                    SystemCall.NFSSERVCTL,
                    SystemCall.SYSCTL,
                    SystemCall.USELIB);

    /// Where the numbers of a machine's calls may stand; all of aarch64's are the generic ones.
    private static List<String> headers(Machine machine) {
        return switch (machine) {
            case X86_64 ->
                    List.of(
                            "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
                            "/usr/x86_64-linux-gnu/include/asm/unistd_64.h");
            case AARCH64 ->
                    List.of(
                            "/usr/include/aarch64-linux-gnu/asm/unistd_64.h",
                            "/usr/include/asm-generic/unistd.h",
                            "/usr/aarch64-linux-gnu/include/asm-generic/unistd.h");
        };
    }

    @TestFactory
    Stream<DynamicTest> everySystemCallHasTheKernelsNumber() {
        return Arrays.stream(Machine.values())
                .map(machine -> DynamicTest.dynamicTest(machine.name(), () -> numbers(machine)));
    }

    private static void numbers(Machine machine) throws IOException {
        Map<String, String> defined = new HashMap<>();
        for (String header : headers(machine)) {
            if (defined.isEmpty()) {
                defined.putAll(definitions(header));
            }
        }
        assumeTrue(!defined.isEmpty(), "no kernel headers for " + machine);
        int last =
                defined.entrySet().stream()
                        .filter(e -> e.getKey().startsWith("__NR_"))
                        .filter(e -> e.getValue().matches("\\d+"))
                        .mapToInt(e -> Integer.parseInt(e.getValue()))
                        .max()
                        .orElse(0);
        assertTrue(last > 440, "the last call is " + last);
        assertAll(
                Arrays.stream(SystemCall.values())
                        .map(call -> () -> number(machine, call, defined, last)));
    }

    private static void number(
            Machine machine, SystemCall call, Map<String, String> defined, int last) {
        String word = call == SystemCall.SYSCTL ? "_sysctl" : call.name().toLowerCase(Locale.ROOT);
        String found = defined.get("__NR_" + word);
        int ours = call.number(machine);
        if (found == null) {
            assertTrue(
                    ours < 0 || ours > last || WITHDRAWN.contains(call),
                    call + " is no call of " + machine);
        } else {
            assertEquals(found, Integer.toString(ours), call + " on " + machine);
        }
    }

    private static Map<String, String> definitions(String header) throws IOException {
        var found = new HashMap<String, String>();
        Path file = Path.of(header);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                var matcher = DEFINE.matcher(line);
                if (matcher.matches()) {
                    found.putIfAbsent(matcher.group(1), matcher.group(2));
                }
            }
        }
        return found;
    }

    @Test
    void aNumberStandsForOneCall() {
        for (Machine machine : Machine.values()) {
            var seen = new HashSet<Integer>();
            for (SystemCall call : SystemCall.values()) {
                int number = call.number(machine);
                assertTrue(number < 0 || seen.add(number), call + " " + number + " on " + machine);
            }
        }
    }

    @Test
    void flagsAreThoseOfTheMachine() throws IOException {
        assertEquals(0xC000_003E, Machine.of("amd64").audit());
        assertEquals(0xC000_00B7, Machine.of("aarch64").audit());
        assertEquals(0400000, Machine.of("amd64").noFollow());
        assertEquals(0100000, Machine.of("aarch64").noFollow());
        // The generic header holds what a machine's own does not override, as x86-64 does not.
        String generic = definitions("/usr/include/asm-generic/fcntl.h").get("O_NOFOLLOW");
        assumeTrue(generic != null, "no kernel headers");
        assertEquals(Integer.decode(generic), Machine.X86_64.noFollow());
        String arm = definitions("/usr/aarch64-linux-gnu/include/asm/fcntl.h").get("O_NOFOLLOW");
        assumeTrue(arm != null, "no kernel headers of aarch64");
        assertEquals(Integer.decode(arm), Machine.AARCH64.noFollow());
    }

    @Test
    void anUnknownMachineIsNotTakenForAnother() {
        assertThrows(IllegalArgumentException.class, () -> Machine.of("riscv64"));
        assertEquals(Machine.X86_64, Machine.of("x86_64"));
    }
}
