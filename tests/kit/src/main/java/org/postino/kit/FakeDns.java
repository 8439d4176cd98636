// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A name server for tests, on one loopback port over UDP and TCP.
///
/// A name nobody told it of does not exist (NXDOMAIN); a name without records of the asked type is NODATA.
/// ```
/// try (var dns = FakeDns.start()) {
///     dns.mx("example.test", 10, "mx.example.test").a("mx.example.test", "127.0.0.5");
///     dns.address();   // for the parameter dns_servers
/// }
/// ```
public final class FakeDns implements Closeable {
    private final DnsZones zones = new DnsZones();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final DnsPort port;

    private FakeDns() throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        port = DnsPort.open(new InetSocketAddress(loopback, 0), this::answer);
    }

    /// Starts on a free port of 127.0.0.1.
    public static FakeDns start() throws IOException {
        return new FakeDns();
    }

    /// `127.0.0.1:PORT`.
    public String address() {
        return "127.0.0.1:" + port.address().getPort();
    }

    public InetSocketAddress socketAddress() {
        return port.address();
    }

    /// The questions so far: `MX example.test`, with ` tcp` at the end if over TCP.
    public List<String> questions() {
        return List.copyOf(questions);
    }

    /// The time to live of all records, in seconds.
    public FakeDns ttl(int seconds) {
        zones.ttl(seconds);
        return this;
    }

    /// Lines of a zone file, with absolute names: `host.test. A 127.0.0.9` ([ZoneFile]).
    public FakeDns zone(String text) {
        new ZoneFile("zone", "", zones).read(text);
        return this;
    }

    public FakeDns a(String name, String address) {
        return add(name, DnsRecord.address(address));
    }

    public FakeDns aaaa(String name, String address) {
        return add(name, DnsRecord.address(address));
    }

    public FakeDns mx(String name, int preference, String host) {
        return add(name, DnsRecord.mx(preference, host));
    }

    /// A record by which a domain says that it takes no mail (RFC 7505).
    public FakeDns nullMx(String name) {
        return mx(name, 0, "");
    }

    public FakeDns cname(String name, String target) {
        return add(name, DnsRecord.cname(target));
    }

    /// The name of an address; several calls give it several names.
    public FakeDns ptr(String address, String host) {
        return add(DnsRecord.reverse(address), DnsRecord.ptr(host));
    }

    public FakeDns txt(String name, String text) {
        return add(name, DnsRecord.txt(text));
    }

    /// Makes a name exist without any record.
    public FakeDns empty(String name) {
        zones.exists(name);
        return this;
    }

    /// Questions for this name are answered SERVFAIL.
    public FakeDns servfail(String name) {
        zones.trouble(name, DnsZones.Trouble.SERVFAIL);
        return this;
    }

    /// Questions for this name are not answered at all.
    public FakeDns silent(String name) {
        zones.trouble(name, DnsZones.Trouble.SILENT);
        return this;
    }

    /// Answers for this name do not fit into a datagram: they come truncated by UDP, whole by TCP.
    public FakeDns truncated(String name) {
        zones.trouble(name, DnsZones.Trouble.TRUNCATED);
        return this;
    }

    /// Forgets all that was said of a name.
    public FakeDns remove(String name) {
        zones.remove(name);
        return this;
    }

    @Override
    public void close() {
        port.close();
    }

    private FakeDns add(String name, DnsRecord record) {
        zones.add(name, record);
        return this;
    }

    private byte @Nullable [] answer(byte[] message, boolean overTcp, InetAddress client)
            throws IOException {
        var question = DnsZones.question(message);
        questions.add(question + (overTcp ? " tcp" : ""));
        return zones.answer(question, overTcp);
    }
}
