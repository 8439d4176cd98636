// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SaslMechanismsTest {
    private static MechanismClient client(String name, String user, String password) {
        return SaslMechanisms.find(name).orElseThrow().client(user, password).orElseThrow();
    }

    private static MechanismServer server(String name) {
        return SaslMechanisms.find(name).orElseThrow().server().orElseThrow();
    }

    private static String text(Optional<byte[]> response) {
        return new String(response.orElseThrow(), UTF_8);
    }

    @Test
    void aRowHasANameOfItsOwnAndASideAtLeast() {
        var names = new HashSet<String>();
        for (SaslMechanism mechanism : SaslMechanisms.ALL) {
            assertTrue(names.add(mechanism.name()), mechanism.name());
            assertEquals(mechanism.name().toUpperCase(Locale.ROOT), mechanism.name());
            assertTrue(
                    mechanism.server().isPresent() || mechanism.client("u", "p").isPresent(),
                    mechanism.name());
            assertEquals(
                    Optional.of(mechanism),
                    SaslMechanisms.find(mechanism.name().toLowerCase(Locale.ROOT)));
        }
    }

    /// Plays the client's side of each mechanism against its server's.
    @Test
    void bothSidesOfEachMechanismUnderstandEachOther() {
        var played = new HashSet<String>();
        for (SaslMechanism mechanism : SaslMechanisms.ALL) {
            var server = mechanism.server();
            var client = mechanism.client("jürgen", "gehe:im");
            if (server.isPresent() && client.isPresent()) {
                byte[] said = client.get().initialResponse().orElse(null);
                MechanismServer.Step step = server.get().next(said);
                while (step instanceof MechanismServer.Step.Challenge(var question)) {
                    byte[] answer = client.get().respond(question.getBytes(UTF_8)).orElseThrow();
                    step = server.get().next(answer);
                }
                assertEquals(new MechanismServer.Step.Check("jürgen", "gehe:im"), step);
                played.add(mechanism.name());
            }
        }
        assertTrue(played.containsAll(Set.of("PLAIN", "LOGIN")), played.toString());
    }

    @Test
    void plainHasThreePartsAndActsForNobodyElse() {
        for (String wrong : List.of("", "\0joe", "joe\0pw", "\0\0pw", "\0joe\0pw\0", "\0")) {
            var refused =
                    assertInstanceOf(
                            MechanismServer.Step.Refuse.class,
                            server("PLAIN").next(wrong.getBytes(UTF_8)),
                            wrong);
            assertEquals("invalid PLAIN response", refused.reason());
        }
        assertEquals(
                new MechanismServer.Step.Check("joe", "pw"),
                server("plain").next("joe\0joe\0pw".getBytes(UTF_8)));
        assertEquals(
                "authz_fail",
                assertInstanceOf(
                                MechanismServer.Step.Refuse.class,
                                server("PLAIN").next("ann\0joe\0pw".getBytes(UTF_8)))
                        .code());
        assertEquals(
                new MechanismServer.Step.Check("jü", "pä"),
                server("PLAIN").next("\0jü\0pä".getBytes(ISO_8859_1)));
    }

    @Test
    void loginAsksTwiceAndTakesNoNul() {
        var server = server("LOGIN");
        assertEquals(new MechanismServer.Step.Challenge("Username:"), server.next(null));
        assertEquals(
                new MechanismServer.Step.Challenge("Password:"),
                server.next("joe".getBytes(UTF_8)));
        assertEquals(
                new MechanismServer.Step.Refuse("joe", "", "invalid LOGIN response"),
                server.next("p\0w".getBytes(UTF_8)));
    }

    /// The example of RFC 2195, section 2.
    @Test
    void cramMd5AnswersWithTheKeyedChallenge() {
        var client = client("CRAM-MD5", "tim", "tanstaaftanstaaf");
        assertEquals(Optional.empty(), client.initialResponse());
        byte[] challenge = "<1896.697170952@postoffice.reston.mci.net>".getBytes(UTF_8);
        assertEquals("tim b913a602c7eda7a495b4e6e7334d3890", text(client.respond(challenge)));
        assertTrue(client.respond(challenge).isEmpty(), "a server may ask once");
    }

    /// The example of RFC 1939, section 7.
    @Test
    void apopProvesThePasswordItself() {
        byte[] digest = HexFormat.of().parseHex("c4c9334bac560ecc979e58001b3e22fb");
        byte[] start = "<1896.697170952@dbc.mtview.ca.us>\0mrose\0".getBytes(UTF_8);
        byte[] response = Arrays.copyOf(start, start.length + digest.length);
        System.arraycopy(digest, 0, response, start.length, digest.length);
        var proof =
                assertInstanceOf(MechanismServer.Step.Prove.class, server("APOP").next(response));
        assertEquals("mrose", proof.user());
        assertTrue(proof.isRight().test("tanstaaf"));
        assertFalse(proof.isRight().test("tanstaaF"));
        assertTrue(SaslMechanisms.isPrivate("apop"));
    }

    @Test
    void apopTakesNothingElse() {
        var wrong =
                List.of(
                        "",
                        "x",
                        "<a@b>\0joe",
                        "<a@b>\0\0" + "x".repeat(16),
                        "<a@b>\0joe\0short",
                        "\0joe\0" + "x".repeat(16),
                        "<a@b>\0joe\0" + "x".repeat(17));
        for (String text : wrong) {
            assertInstanceOf(
                    MechanismServer.Step.Refuse.class,
                    server("APOP").next(text.getBytes(UTF_8)),
                    text);
        }
        assertInstanceOf(MechanismServer.Step.Refuse.class, server("APOP").next(null));
    }

    @Test
    void aClientThatHasSaidAllSaysNoMore() {
        assertTrue(client("PLAIN", "u", "p").respond(new byte[0]).isEmpty());
        var login = client("LOGIN", "u", "p");
        assertEquals("u", text(login.respond("Name, please".getBytes(UTF_8))));
        assertEquals("p", text(login.respond(new byte[0])));
        assertTrue(login.respond(new byte[0]).isEmpty());
    }

    @Test
    void optionsForbidAndDemandProperties() {
        var plaintext = Set.of(SaslProperty.PLAINTEXT);
        var cram = Set.of(SaslProperty.DICTIONARY, SaslProperty.ACTIVE);
        var mutual = Set.of(SaslProperty.MUTUAL_AUTH, SaslProperty.FORWARD_SECRECY);
        assertTrue(SaslOptions.of(List.of()).allow(plaintext));
        assertFalse(SaslOptions.of(List.of("NoPlaintext")).allow(plaintext));
        assertTrue(SaslOptions.of(List.of("noplaintext", "noanonymous")).allow(cram));
        assertFalse(SaslOptions.of(List.of("nodictionary")).allow(cram));
        assertFalse(SaslOptions.of(List.of("noactive")).allow(cram));
        assertFalse(SaslOptions.of(List.of("noanonymous")).allow(Set.of(SaslProperty.ANONYMOUS)));
        assertFalse(SaslOptions.of(List.of("mutual_auth")).allow(cram));
        assertTrue(SaslOptions.of(List.of("mutual_auth", "forward_secrecy")).allow(mutual));
    }

    @Test
    void aServerThatSaysTooLittleMakesNoMechanismSafer() {
        assertTrue(OfferedMechanism.of("PLAIN", List.of()).has(SaslProperty.PLAINTEXT));
        var unknown = OfferedMechanism.of("X-NEW", List.of("mutual-auth", "word-of-tomorrow"));
        assertEquals(Set.of(SaslProperty.MUTUAL_AUTH), unknown.properties());
    }

    @Test
    void thePagesOfServerAndClientNameWhatTheyHave() throws IOException {
        String server = standards("auth/auth.8");
        String client = standards("smtp-client/smtp.8");
        for (SaslMechanism mechanism : SaslMechanisms.ALL) {
            String named = "(?s).*\\b" + mechanism.name() + "\\b.*";
            assertEquals(
                    mechanism.server().isPresent(),
                    server.matches(named),
                    "auth.8, STANDARDS: " + mechanism.name());
            assertEquals(
                    mechanism.client("u", "p").isPresent(),
                    client.matches(named),
                    "smtp.8, STANDARDS: " + mechanism.name());
        }
    }

    private static String standards(String page) throws IOException {
        Path file = Path.of(System.getProperty("postino.root", "../.."), page);
        String text = Files.readString(file);
        return text.substring(text.indexOf(".Sh STANDARDS"));
    }
}
