// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A program of the kernel's packet filter machine, over the data of a system call (`struct seccomp_data`).
///
/// One register; jumps are counted in instructions from the next one.
final class BpfProgram {
    static final int NUMBER = 0;
    static final int ARCHITECTURE = 4;

    private static final int LOAD = 0x20;
    private static final int AND = 0x54;
    private static final int JUMP = 0x05;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_NOT_BELOW = 0x35;
    private static final int IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;
    private static final int ARGUMENTS = 16;
    private static final int INSTRUCTION = 8;
    private static final int FAR = 255;

    private final List<Instruction> code = new ArrayList<>();

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    /// The offset of the lower half of an argument.
    static int low(int argument) {
        return ARGUMENTS + 8 * argument;
    }

    /// The offset of the upper half of an argument.
    static int high(int argument) {
        return low(argument) + 4;
    }

    BpfProgram load(int offset) {
        return add(LOAD, 0, 0, offset);
    }

    BpfProgram and(int mask) {
        return add(AND, 0, 0, mask);
    }

    BpfProgram end(int result) {
        return add(RETURN, 0, 0, result);
    }

    /// Does `then` if the register holds the value; goes on after it otherwise.
    BpfProgram ifEqual(int value, BpfProgram then) {
        return branch(IF_EQUAL, value, then);
    }

    /// Does `then` if the register is not below the value, taken without a sign.
    BpfProgram ifNotBelow(int value, BpfProgram then) {
        return branch(IF_NOT_BELOW, value, then);
    }

    /// Does `then` if the register is below the value, taken without a sign.
    BpfProgram ifBelow(int value, BpfProgram then) {
        add(IF_NOT_BELOW, near(then.code.size()), 0, value);
        return then(then);
    }

    /// Does `then` if the register has any of these bits.
    BpfProgram ifAnyBit(int bits, BpfProgram then) {
        return branch(IF_ANY_BIT, bits, then);
    }

    /// Does `unless` if the register holds none of the values.
    BpfProgram unlessOneOf(List<Integer> values, BpfProgram unless) {
        for (int i = 0; i < values.size(); i++) {
            int others = values.size() - 1 - i;
            add(IF_EQUAL, near(others + unless.code.size()), 0, values.get(i));
        }
        return then(unless);
    }

    BpfProgram then(BpfProgram more) {
        code.addAll(more.code);
        return this;
    }

    private BpfProgram branch(int test, int value, BpfProgram then) {
        if (then.code.size() <= FAR) {
            add(test, 0, then.code.size(), value);
        } else {
            add(test, 1, 0, value);
            add(JUMP, 0, 0, then.code.size());
        }
        code.addAll(then.code);
        return this;
    }

    private static int near(int distance) {
        if (distance > FAR) {
            throw new IllegalArgumentException("too far: " + distance);
        }
        return distance;
    }

    private BpfProgram add(int operation, int ifTrue, int ifFalse, int value) {
        code.add(new Instruction(operation, ifTrue, ifFalse, value));
        return this;
    }

    /// As `struct sock_fprog` wants it.
    MemorySegment write(SegmentAllocator memory) {
        MemorySegment all = memory.allocate((long) INSTRUCTION * code.size(), 8);
        for (int i = 0; i < code.size(); i++) {
            Instruction one = code.get(i);
            long at = (long) INSTRUCTION * i;
            all.set(ValueLayout.JAVA_SHORT, at, (short) one.code());
            all.set(ValueLayout.JAVA_BYTE, at + 2, (byte) one.ifTrue());
            all.set(ValueLayout.JAVA_BYTE, at + 3, (byte) one.ifFalse());
            all.set(ValueLayout.JAVA_INT, at + 4, one.value());
        }
        MemorySegment program = memory.allocate(16, 8);
        program.set(ValueLayout.JAVA_SHORT, 0, (short) code.size());
        program.set(ValueLayout.ADDRESS, 8, all);
        return program;
    }
}
