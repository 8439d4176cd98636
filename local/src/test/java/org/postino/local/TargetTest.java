// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TargetTest {
    @Test
    void allFormsAreRead() {
        assertEquals(
                List.of(
                        new Target.To("bob", false),
                        new Target.To("carol@x.test", false),
                        new Target.To("me", true),
                        new Target.ToFile("/var/mail/list"),
                        new Target.ToCommand("procmail -a \"x, y\""),
                        new Target.Include("/etc/list"),
                        new Target.ToCommand("vacation bob")),
                Target.parseLines(
                                "bob, Carol <carol@x.test>\n# no\n\\me,/var/mail/list, \"|procmail -a \\\"x, y\\\"\", :include:/etc/list,|\"vacation bob\"")
                        .targets());
    }

    @Test
    void aNumberSignIsACommentAtTheStartOfALineOfAFileAlone() {
        var hash = new Target.To("#", false);
        var bob = new Target.To("bob", false);
        assertEquals(
                List.of(bob, hash, bob, bob),
                Target.parseLines("#no, no\nbob # bob\nbob\n#").targets());
        assertEquals(List.of(hash, bob), Target.parse("# bob").targets());
    }

    @Test
    void whatStandsInParenthesesIsNoPartOfAnAddress() {
        assertEquals(
                List.of(
                        new Target.To("bob", false),
                        new Target.To("carol@x.test", false),
                        new Target.To("dan", true),
                        new Target.ToCommand("echo (all)")),
                Target.parse(
                                "bob (who (nearly) always answers), (once) Carol <carol@x.test> , (nobody),\\dan (himself),<>,\"|echo (all)\"")
                        .targets());
    }

    @Test
    void membersNeedNoCommas() {
        assertEquals(
                List.of(
                        new Target.To("bob", false),
                        new Target.To("dan", true),
                        new Target.ToCommand("cat x"),
                        new Target.Include("/etc/list"),
                        new Target.To("al@x.test", false),
                        new Target.To("eve", false)),
                Target.parse("bob\t\\dan |\"cat x\" :include:/etc/list; g: al@x.test, eve;")
                        .targets());
        assertEquals(List.of("(eve, dan"), Target.parse("bob (eve, dan").leftOut());
    }

    @Test
    void macrosAreExpandedSafely() {
        var values = Map.of("user", "bob", "extension", "a;b");
        assertEquals(
                "/home/bob+a_b",
                Macros.expand(
                        "/home/$user${extension?+$extension}",
                        values,
                        "abcdefghijklmnopqrstuvwxyz/"));
        assertEquals("none $", Macros.expand("${nothing:none} $$", values, ""));
    }
}
