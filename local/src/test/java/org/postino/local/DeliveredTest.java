// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Delivered-To: says, and where an address extension goes; as Postfix 3.7 does with the same aliases.
class DeliveredTest {
    private Lab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(Local::start);
        Path list = Files.writeString(lab.dir.resolve("list"), "i@other.test\n");
        lab.aliases(
                "a b\nb bob\nf g\ng x@other.test\ne bob, y@other.test\nown own, z@other.test\n"
                        + "inc :include:"
                        + list
                        + "\n");
    }

    @AfterEach
    void close() throws IOException {
        lab.close();
    }

    private List<String> recipients() {
        return lab.cleanup.taken().getLast().recipients();
    }

    @Test
    void itIsTheAddressToWhichTheMessageCame() throws Exception {
        lab.deliver("a@mx.test");
        assertTrue(lab.mail("bob").getFirst().contains("\nDelivered-To: a@mx.test\n"));
        lab.deliver("f@mx.test");
        assertTrue(lab.cleanup.taken().getLast().content().contains("Delivered-To: f@mx.test\r\n"));
    }

    @Test
    void unfrozenItIsTheNameWhoseMailboxItGoesTo() throws Exception {
        lab.settings.put("frozen_delivered_to", "no");
        lab.deliver("a@mx.test");
        assertTrue(lab.mail("bob").getFirst().contains("\nDelivered-To: bob@mx.test\n"));
        lab.deliver("f@mx.test");
        assertTrue(lab.cleanup.taken().getLast().content().contains("Delivered-To: g@mx.test\r\n"));
        assertTrue(
                Lab.text(lab.deliver("a@mx.test", "Delivered-To: bob@mx.test\r\n\r\nx\r\n"))
                        .contains("mail forwarding loop for bob@mx.test"));
    }

    @Test
    void whereItIsNotWantedThereIsNone() throws Exception {
        lab.settings.put("prepend_delivered_header", "command, forward");
        lab.deliver("a@mx.test");
        assertFalse(lab.mail("bob").getFirst().contains("Delivered-To:"));
        assertTrue(lab.mail("bob").getFirst().contains("X-Original-To: original@mx.test\n"));
        lab.deliver("f@mx.test");
        assertTrue(lab.cleanup.taken().getLast().content().contains("Delivered-To: f@mx.test\r\n"));
    }

    @Test
    void anExtensionThatIsNotLookedUpGoesNoFurther() throws Exception {
        lab.deliver("e+x@mx.test");
        assertEquals(List.of("bob@mx.test", "y@other.test"), recipients());
        lab.deliver("inc+x@mx.test");
        assertEquals(List.of("i@other.test"), recipients());
    }

    @Test
    void orOnToTheAddressesOfAnAlias() throws Exception {
        lab.settings.put("propagate_unmatched_extensions", "alias");
        lab.deliver("e+x@mx.test");
        assertEquals(List.of("bob+x@mx.test", "y+x@other.test"), recipients());
        lab.deliver("own+x@mx.test");
        assertEquals(List.of("z+x@other.test"), recipients());
        lab.deliver("inc+x@mx.test");
        assertEquals(List.of("i@other.test"), recipients());
    }

    @Test
    void orOfAnIncludedFile() throws Exception {
        lab.settings.put("propagate_unmatched_extensions", "include");
        lab.deliver("e+x@mx.test");
        assertEquals(List.of("bob@mx.test", "y@other.test"), recipients());
        lab.deliver("inc+x@mx.test");
        assertEquals(List.of("i+x@other.test"), recipients());
    }
}
