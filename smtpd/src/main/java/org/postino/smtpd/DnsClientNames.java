// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.dns.HostsFile;
import org.postino.util.Cidr;

/// Client names from `/etc/hosts` and the domain name system: the name of the address, if that name has the address.
///
/// The system's own address needs no question. A client waits for [#PATIENCE] at most; those of one address wait for the
/// same answer, and while no server answers, most of them need not wait at all.
final class DnsClientNames implements ClientNames {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FAILURES_LAST = Duration.ofSeconds(30);
    private static final int MANY = 5000;

    private final HostsFile hosts;
    private final Supplier<Dns> dns;
    private final Clock clock;
    private final Duration patience;
    private final Map<InetAddress, Question> questions = new ConcurrentHashMap<>();

    private record Question(CompletableFuture<ClientName> answer, Instant asked) {}

    DnsClientNames(HostsFile hosts, Supplier<Dns> dns, Clock clock, Duration patience) {
        this.hosts = hosts;
        this.dns = dns;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public ClientName of(InetAddress address) {
        if (isOurselves(address)) {
            return ClientName.LOCALHOST;
        }
        Question question = questions.compute(address, this::known);
        try {
            ClientName name = question.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!name.isTemporary()) {
                questions.remove(address, question); // the DNS client remembers it better
            }
            return name;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Not today.
        }
        return ClientName.nameless(ClientName.Status.TEMPORARY);
    }

    /// 127.0.0.1 and ::1; other loopback addresses may have names of their own.
    private static boolean isOurselves(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isLoopbackAddress()
                && (!(address instanceof Inet4Address)
                        || (bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 1));
    }

    private Question known(InetAddress address, @Nullable Question before) {
        if (before != null && before.asked().plus(FAILURES_LAST).isAfter(clock.instant())) {
            return before;
        }
        if (questions.size() > MANY) {
            return new Question(
                    CompletableFuture.completedFuture(
                            ClientName.nameless(ClientName.Status.TEMPORARY)),
                    clock.instant());
        }
        var answer = new CompletableFuture<ClientName>();
        Thread.ofVirtual().name("client-name").start(() -> find(address, answer));
        return new Question(answer, clock.instant());
    }

    private void find(InetAddress address, CompletableFuture<ClientName> answer) {
        try {
            answer.complete(find(address));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private ClientName find(InetAddress address) {
        var known = hosts.name(address);
        if (known.isPresent()) {
            return ClientName.confirmed(known.get());
        }
        return switch (dns.get().ptr(address)) {
            case Answer.Found<String>(var names) when isName(names.getFirst()) ->
                    confirm(names.getFirst(), address);
            case Answer.TempFail<String> _ -> ClientName.nameless(ClientName.Status.TEMPORARY);
            case Answer.Found<String> _, Answer.NoData<String> _, Answer.NoSuchDomain<String> _ ->
                    ClientName.nameless(ClientName.Status.NONE);
        };
    }

    /// An address for a name, or text that is no host name at all, is as good as none.
    private static boolean isName(String text) {
        return HostSyntax.isHostname(text) && Cidr.address(text).isEmpty();
    }

    private ClientName confirm(String name, InetAddress address) {
        var family = address instanceof Inet4Address ? Dns.Family.IPV4 : Dns.Family.IPV6;
        return switch (dns.get().addresses(name, family)) {
            case Answer.Found<InetAddress>(var addresses) when addresses.contains(address) ->
                    ClientName.confirmed(name);
            case Answer.Found<InetAddress> _, Answer.NoData<InetAddress> _ ->
                    doubtful(name, address, ClientName.Status.FORGED, "");
            case Answer.NoSuchDomain<InetAddress> _ ->
                    doubtful(
                            name, address, ClientName.Status.FORGED, ": Name or service not known");
            case Answer.TempFail<InetAddress> _ ->
                    doubtful(
                            name,
                            address,
                            ClientName.Status.TEMPORARY,
                            ": Temporary failure in name resolution");
        };
    }

    private static ClientName doubtful(
            String name, InetAddress address, ClientName.Status status, String why) {
        return ClientName.doubtful(
                name,
                status,
                "hostname " + name + " does not resolve to address " + Client.text(address) + why);
    }
}
