// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.util.InetText;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// [Dns] on dnsjava: asks the servers in turn, several times, over TCP where a datagram is too small, and remembers answers.
public final class DnsClient implements Dns {
    /// The longest chain of aliases within one answer, and the most answers it may stretch over.
    private static final int MAX_ALIASES = 32;

    /// The most records of an answer that count: whoever owns a domain can send thousands.
    private static final int MOST_RECORDS = 500;

    private static final int MAX_QUESTIONS = 10;
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private final Supplier<List<InetSocketAddress>> servers;
    private final Duration timeout;
    private final int attempts;
    private final DnsCache cache;
    private final @Nullable ReplyFilter filter;

    /// @param servers asked before each question that the cache can't answer
    /// @param timeout for one server in the first round; doubled in the second
    /// @param attempts rounds through all servers
    public DnsClient(
            Supplier<List<InetSocketAddress>> servers,
            Duration timeout,
            int attempts,
            Clock clock) {
        this(servers, timeout, attempts, new DnsCache(clock), null);
    }

    private DnsClient(
            Supplier<List<InetSocketAddress>> servers,
            Duration timeout,
            int attempts,
            DnsCache cache,
            @Nullable ReplyFilter filter) {
        this.servers = servers;
        this.timeout = timeout;
        this.attempts = attempts;
        this.cache = cache;
        this.filter = filter;
    }

    /// Returns the same client with answers that lack some records. One that loses all of them is a [Answer.TempFail].
    public DnsClient without(ReplyFilter records) {
        return new DnsClient(servers, timeout, attempts, cache, records);
    }

    /// A client that asks the servers of the parameter `dns_servers`, or else of the system.
    public static DnsClient of(Config config, Clock clock) {
        List<String> named = config.get(MainParams.DNS_SERVERS);
        List<InetSocketAddress> fixed = DnsServers.parse(named);
        return new DnsClient(
                () -> fixed.isEmpty() ? DnsServers.ofResolvConf(RESOLV_CONF) : fixed,
                Duration.ofSeconds(5),
                2,
                clock);
    }

    @Override
    public Answer<MxHost> mx(String domain) {
        return map(ask(domain, Type.MX), DnsClient::mxHost);
    }

    @Override
    public Answer<InetAddress> addresses(String host, Family family) {
        return switch (family) {
            case IPV4 -> map(ask(host, Type.A), DnsClient::address);
            case IPV6 -> map(ask(host, Type.AAAA), DnsClient::address);
            case ANY -> both(host);
        };
    }

    @Override
    public Duration lifetime(String host, Family family) {
        Name name = name(host);
        return name == null
                ? Duration.ZERO
                : cache.left(key(name, family == Family.IPV6 ? Type.AAAA : Type.A));
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return map(ask(ReverseMap.fromAddress(address), Type.PTR), DnsClient::pointer);
    }

    @Override
    public Answer<String> ns(String zone) {
        return map(ask(zone, Type.NS), DnsClient::server);
    }

    @Override
    public Answer<String> txt(String name) {
        return map(ask(name, Type.TXT), DnsClient::text);
    }

    private Answer<InetAddress> both(String host) {
        Answer<InetAddress> six = addresses(host, Family.IPV6);
        Answer<InetAddress> four = addresses(host, Family.IPV4);
        var all = new ArrayList<>(six.records());
        all.addAll(four.records());
        if (!all.isEmpty()) {
            return new Answer.Found<>(all);
        }
        return six.isTemporary() ? six : four;
    }

    private Answer<Record> ask(String text, int type) {
        Name name = name(text);
        return name == null ? new Answer.NoSuchDomain<>() : ask(name, type);
    }

    /// A name as absolute; null if it can't be one.
    private static @Nullable Name name(String text) {
        if (text.isEmpty() || text.indexOf('\\') >= 0 || text.length() > 1000) {
            return null;
        }
        try {
            String ascii = text.chars().allMatch(c -> c < 0x80) ? text : IDN.toASCII(text);
            return Name.fromString(ascii.endsWith(".") ? ascii : ascii + ".");
        } catch (TextParseException | IllegalArgumentException e) {
            return null;
        }
    }

    private static String key(Name name, int type) {
        return Type.string(type) + " " + name.toString().toLowerCase(Locale.ROOT);
    }

    private Answer<Record> ask(Name name, int type) {
        String key = key(name, type);
        RawAnswer known = cache.get(key);
        if (known == null) {
            known = askServers(name, type, 1);
            cache.put(key, known);
        }
        return known.answer();
    }

    private RawAnswer askServers(Name name, int type, int questions) {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        String reason = "no name server";
        List<InetSocketAddress> all = servers.get();
        for (int round = 0; round < attempts; round++) {
            for (InetSocketAddress server : all) {
                try {
                    var resolver = new SimpleResolver(server);
                    resolver.setTimeout(timeout.multipliedBy(1L << round));
                    RawAnswer answer = read(resolver.send(query), name, type, questions);
                    if (!answer.answer().isTemporary()) {
                        return answer;
                    }
                    reason = answer.answer() instanceof Answer.TempFail<Record>(var r) ? r : reason;
                } catch (IOException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        return RawAnswer.tempFail("interrupted");
                    }
                    reason = "no answer from " + InetText.of(server.getAddress());
                }
            }
        }
        return RawAnswer.tempFail(reason);
    }

    private RawAnswer read(Message answer, Name asked, int type, int questions) {
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return RawAnswer.tempFail(Rcode.string(code));
        }
        var records = new ArrayList<Record>();
        long ttl = Long.MAX_VALUE;
        Name name = asked;
        for (int hops = 0; hops < MAX_ALIASES; hops++) {
            Name alias = null;
            for (Record record : answer.getSection(Section.ANSWER)) {
                boolean ours = record.getName().equals(name) && record.getDClass() == DClass.IN;
                if (ours && record.getType() == type && records.size() < MOST_RECORDS) {
                    records.add(record);
                    ttl = Math.min(ttl, record.getTTL());
                } else if (ours && record instanceof CNAMERecord cname) {
                    alias = cname.getTarget();
                    ttl = Math.min(ttl, record.getTTL());
                }
            }
            if (!records.isEmpty()) {
                return RawAnswer.found(records, ttl);
            }
            if (alias == null) {
                return negative(answer, name, type, name.equals(asked) ? MAX_QUESTIONS : questions);
            }
            name = alias;
        }
        return endless(ttl);
    }

    /// Aliases that lead to each other lead nowhere.
    private static RawAnswer endless(long ttl) {
        return new RawAnswer(new Answer.NoData<>(), ttl);
    }

    /// @param questions how many were asked on the way to this name; with the last one the answer stands as it is
    private RawAnswer negative(Message answer, Name name, int type, int questions) {
        long ttl = 0;
        for (Record record : answer.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                ttl = Math.min(soa.getTTL(), soa.getMinimum()); // RFC 2308, 5
            }
        }
        if (answer.getRcode() == Rcode.NXDOMAIN) {
            return new RawAnswer(new Answer.NoSuchDomain<>(), ttl);
        }
        if (questions < MAX_QUESTIONS && ttl == 0) {
            // The server gave an alias without what it stands for.
            return askServers(name, type, questions + 1);
        }
        return new RawAnswer(new Answer.NoData<>(), ttl);
    }

    private <T> Answer<T> map(Answer<Record> answer, Function<Record, @Nullable T> reader) {
        if (!(answer instanceof Answer.Found<Record>(var found))) {
            return answer.as();
        }
        var records = new ArrayList<>(found);
        if (filter != null) {
            try {
                for (Record record : found) {
                    if (filter.drops(line(record))) {
                        records.remove(record);
                    }
                }
            } catch (IOException e) {
                return new Answer.TempFail<>(String.valueOf(e.getMessage()));
            }
            if (records.isEmpty()) {
                return new Answer.TempFail<>("DNS reply filter drops all results");
            }
        }
        var values = new ArrayList<T>();
        for (Record record : records) {
            T value = reader.apply(record);
            if (value != null) {
                values.add(value);
            }
        }
        return values.isEmpty() ? new Answer.NoData<>() : new Answer.Found<>(values);
    }

    /// A record as filters see it: `name ttl IN type value`.
    private static String line(Record record) {
        InetAddress address = address(record);
        String value =
                address != null
                        ? InetText.of(address)
                        : record instanceof TXTRecord ? text(record) : record.rdataToString();
        return record.getName()
                + " "
                + record.getTTL()
                + " IN "
                + Type.string(record.getType())
                + " "
                + value;
    }

    private static @Nullable MxHost mxHost(Record record) {
        return record instanceof MXRecord mx
                ? new MxHost(mx.getPriority(), withoutDot(mx.getTarget()))
                : null;
    }

    private static @Nullable InetAddress address(Record record) {
        return switch (record) {
            case ARecord a -> a.getAddress();
            case AAAARecord aaaa -> aaaa.getAddress();
            default -> null;
        };
    }

    private static @Nullable String pointer(Record record) {
        return record instanceof PTRRecord ptr ? withoutDot(ptr.getTarget()) : null;
    }

    private static @Nullable String server(Record record) {
        return record instanceof NSRecord ns ? withoutDot(ns.getTarget()) : null;
    }

    private static @Nullable String text(Record record) {
        if (!(record instanceof TXTRecord txt)) {
            return null;
        }
        var text = new StringBuilder();
        for (byte[] part : txt.getStringsAsByteArrays()) {
            text.append(new String(part, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private static String withoutDot(Name name) {
        return name.toString(true).equals(".") ? "" : name.toString(true);
    }
}
