// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;
import org.postino.table.TableException;
import org.postino.table.Tables;

class ResolverTest {
    private static final Map<String, String> BASE =
            Map.of(
                    "compatibility_level", "3.11",
                    "myhostname", "mx.our.test",
                    "mydestination", "our.test, localhost",
                    "virtual_alias_domains", "alias.test",
                    "virtual_mailbox_domains", "box.test",
                    "relay_domains", "relay.test",
                    "recipient_delimiter", "+",
                    "inet_interfaces", "loopback-only");

    private static Resolver resolver(String... more) {
        Map<String, String> settings = new HashMap<>(BASE);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        var config = Config.of(settings);
        return new Resolver(config, new Tables(config));
    }

    private static String resolve(Resolver resolver, String sender, String recipient)
            throws TableException {
        var r = resolver.resolve(sender, recipient);
        return r.addressClass() + " " + r.transport() + ":" + r.nexthop() + " " + r.recipient();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u@our.test|LOCAL local:mx.our.test u@our.test",
                "u@OUR.test|LOCAL local:mx.our.test u@OUR.test",
                "u@[127.0.0.1]|LOCAL local:mx.our.test u@[127.0.0.1]",
                "u@[192.0.2.77]|DEFAULT smtp:[192.0.2.77] u@[192.0.2.77]",
                "u@alias.test|VIRTUAL_ALIAS error:5.1.1 User unknown in virtual alias table u@alias.test",
                "u@box.test|VIRTUAL_MAILBOX virtual:box.test u@box.test",
                "u@relay.test|RELAY relay:relay.test u@relay.test",
                "u@a.relay.test|RELAY relay:a.relay.test u@a.relay.test",
                "u@else.test|DEFAULT smtp:else.test u@else.test",
                "u%else.test@our.test|DEFAULT smtp:else.test u@else.test",
                "u%localhost@our.test|LOCAL local:mx.our.test u@localhost",
                "'u@else.test@our.test'|DEFAULT smtp:else.test u@else.test",
            })
    void aDomainDecides(String recipient, String expected) throws TableException {
        assertEquals(expected, resolve(resolver(), "s@x.test", recipient.replace("'", "")));
    }

    @Test
    void theEmptyRecipientIsMailerDaemon() throws TableException {
        assertEquals(
                "mx.our.test", resolver("mydestination", "$myhostname").resolve("", "").nexthop());
        assertEquals(
                "MAILER-DAEMON@mx.our.test",
                resolver("mydestination", "$myhostname").resolve("", "").recipient());
    }

    @Test
    void aRelayhostTakesWhatIsNotOurs() throws TableException {
        var resolver = resolver("relayhost", "[up.test]:587");
        assertEquals("[up.test]:587", resolver.resolve("s@x", "u@else.test").nexthop());
        assertEquals("mx.our.test", resolver.resolve("s@x", "u@our.test").nexthop());
        assertEquals("box.test", resolver.resolve("s@x", "u@box.test").nexthop());
    }

    @Test
    void aSenderMayHaveARelayhostOfItsOwn() throws TableException {
        var resolver =
                resolver(
                        "relayhost", "up.test",
                        "sender_dependent_relayhost_maps",
                                "inline:{s@x.test=[a], @y.test=[b], n@x.test=DUNNO}",
                        "sender_dependent_default_transport_maps", "inline:{t@x.test=slow:}");
        assertEquals("[a]", resolver.resolve("s+e@x.test", "u@else.test").nexthop());
        assertEquals("[b]", resolver.resolve("s@y.test", "u@else.test").nexthop());
        assertEquals("up.test", resolver.resolve("n@x.test", "u@else.test").nexthop());
        assertEquals("up.test", resolver.resolve("", "u@else.test").nexthop());
        assertEquals("slow", resolver.resolve("t@x.test", "u@else.test").transport());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u+x@a.test|DEFAULT one:next u+x@a.test",
                "v@a.test|DEFAULT smtp:[hop] v@a.test",
                "v@b.a.test|DEFAULT three:b.a.test v@b.a.test",
                "v@our.test|LOCAL error:no mail here v@our.test",
                "v@z.test|DEFAULT four:z.test v@z.test",
            })
    void transportMapsComeFirst(String recipient, String expected) throws TableException {
        var resolver =
                resolver(
                        "transport_maps",
                        "inline:{u@a.test=one:next, a.test=:[hop], .a.test=three:, {our.test=error:no mail here}, *=four}");
        assertEquals(expected, resolve(resolver, "s@x.test", recipient));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u@a.test|DEFAULT error: u@a.test",
                "u@b.test|DEFAULT retry: u@b.test",
                "u@c.test|DEFAULT discard:c.test u@c.test",
                "u@box.test|VIRTUAL_MAILBOX error: u@box.test",
            })
    void errorAndRetryHaveATextAndNoHost(String recipient, String expected) throws TableException {
        var resolver =
                resolver(
                        "transport_maps", "inline:{a.test=error, b.test=retry:, c.test=discard:}",
                        "virtual_transport", "error:");
        assertEquals(expected, resolve(resolver, "s@x.test", recipient));
    }

    @ParameterizedTest
    @CsvSource({"u@", "u@1.2.3.4", "u@[x]", "u@a..b", "u@a b", "%", "@", "\"u@a.test\""})
    void whatIsNoAddressGoesNowhere(String recipient) throws TableException {
        var resolved = resolver().resolve("s@x.test", recipient);
        assertFalse(resolved.valid());
        assertEquals("error", resolved.transport());
        assertEquals("5.1.3 bad address syntax", resolved.nexthop());
        assertEquals(AddressClass.DEFAULT, resolved.addressClass());
    }

    @Test
    void nullAndNumericDomainsAreTakenWhenAsked() throws TableException {
        var resolver =
                resolver(
                        "resolve_null_domain", "yes",
                        "resolve_numeric_domain", "yes",
                        "mydestination", "mx.our.test");
        assertEquals("LOCAL local:mx.our.test u@mx.our.test", resolve(resolver, "s@x.test", "u@"));
        assertEquals(
                "DEFAULT smtp:[192.0.2.1] u@[192.0.2.1]",
                resolve(resolver, "s@x.test", "u@192.0.2.1"));
        assertEquals(
                "LOCAL local:mx.our.test u@[127.0.0.1]",
                resolve(resolver, "s@x.test", "u@127.0.0.1"));
    }

    @Test
    void whoHasMovedIsReturned() throws TableException {
        var resolver = resolver("relocated_maps", "inline:{u@our.test=v@new.test}");
        assertEquals(
                "LOCAL error:5.1.6 User has moved to v@new.test u@our.test",
                resolve(resolver, "", "u@our.test"));
        assertEquals(
                "5.1.6 User has moved to w@new.test",
                resolver("relocated_maps", "inline:{u=w@new.test}")
                        .resolve("", "u@our.test")
                        .nexthop(),
                "a name alone is one of ours");
    }

    @Test
    void aTableThatFailsDefers() {
        var resolver = resolver("relay_domains", "fail:x");
        assertThrows(TableException.class, () -> resolver.resolve("", "u@else.test"));
    }

    @Test
    void ourNetworksAreThoseOfTheLoopbackInterface() throws Exception {
        var config = Config.of(BASE);
        var networks = Networks.mynetworks(config);
        assertTrue(networks.contains(InetAddress.getByName("127.0.0.5")));
        assertFalse(networks.contains(InetAddress.getByName("192.0.2.1")));
        assertTrue(List.of(config.text("mynetworks").split(" ")).contains("127.0.0.0/8"));
    }
}
