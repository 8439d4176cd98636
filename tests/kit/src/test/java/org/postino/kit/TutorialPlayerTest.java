// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TutorialPlayerTest {
    private static Tutorial tutorial(String text) throws IOException {
        return Tutorial.parse(text.lines().toList());
    }

    private static void play(String text) throws IOException {
        var player = new TutorialPlayer(List.of("env"));
        for (var section : tutorial(text).sections()) {
            player.play(section);
        }
    }

    @Test
    void commandsHavePromptsAndOutput() throws IOException {
        var sections =
                tutorial(
                                """
                                # Title
                                ## One
                                ```console
                                # cat <<EOF
                                text
                                EOF
                                text
                                alice$ echo a \\
                                   b
                                ```
                                ## Two
                                ```
                                only read
                                ```
                                """)
                        .sections();
        assertEquals(1, sections.size());
        var block = (Tutorial.Block.Commands) sections.getFirst().blocks().getFirst();
        assertEquals(
                List.of(
                        new Tutorial.Command(4, "root", "cat <<EOF\ntext\nEOF", List.of("text")),
                        new Tutorial.Command(8, "alice", "echo a \\\n   b", List.of())),
                block.commands());
    }

    @Test
    void outputIsHeldAgainstTheText() throws IOException {
        play(
                """
                ```console
                # printf 'one\\ntwo\\nthree\\nid 4711\\n'
                one
                ...
                id $number
                # echo $number $HOME
                4711 ~
                ```
                """);
        var wrong =
                assertThrows(
                        AssertionError.class,
                        () -> play("```console\n# echo yes; echo no\nyes\n```\n"));
        assertTrue(String.valueOf(wrong.getMessage()).startsWith("line 2: "), wrong.getMessage());
        assertThrows(AssertionError.class, () -> play("```console\n# false\n```\n"));
    }

    @Test
    void whatIsCapturedInVainIsForgotten() throws IOException {
        play(
                """
                ```console soon
                # f=${TMPDIR:-/tmp}/postino-tutorial-test; if [ -e $f ]; then echo right; echo end; rm $f; else echo wrong; >$f; fi
                $word
                end
                ```
                ```console
                # echo $word
                right
                ```
                """);
    }

    @Test
    void dialoguesAreHeld() throws IOException {
        play(
                """
                ```telnet
                # echo ready; sed -u 's/^/got /'
                S: ready
                C: hello
                S: got hello
                C: a
                C: b
                S...got b
                ```
                """);
        assertThrows(AssertionError.class, () -> play("```telnet\n# echo ready\nS: other\n```\n"));
    }

    @Test
    void questionsAreAwaitedThatEndNoLine() throws IOException {
        play(
                """
                ```telnet
                # echo hello; printf 'Name: '; read n; echo; printf 'And yours, %s? ' $n; read m; echo "$n and $m"
                S: hello
                S> Name:
                C: Anna
                S> And yours, Anna?
                C: Bert
                S: Anna and Bert
                ```
                """);
        // It ends without having asked.
        assertThrows(
                AssertionError.class, () -> play("```telnet\n# echo Name:; true\nS> Name:\n```\n"));
    }

    @Test
    void whatIsNoBlockIsAnError() {
        assertThrows(IOException.class, () -> tutorial("```console\nwithout a prompt\n```\n"));
        assertThrows(IOException.class, () -> tutorial("```telnet\n# telnet\nX: y\n```\n"));
    }
}
