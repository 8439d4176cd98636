// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The knowledge of a name server, and its answers in wire format (RFC 1035, 4). Safe for use by several threads.
///
/// A name nobody told it of does not exist (NXDOMAIN); a name without records of the asked type is NODATA.
final class DnsZones {
    /// The largest datagram of a client that did not say what it takes (RFC 1035, 4.2.1), and of one that did.
    private static final int SMALL = 512;

    private static final int LARGE = 1232;
    private static final int MAX_ALIASES = 20;
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;
    private static final DnsRecord DEFAULT_SOA =
            DnsRecord.soa("ns.test", "hostmaster.test", 1, 3600, 600, 86400, 300);

    private final Map<String, List<DnsRecord>> records = new ConcurrentHashMap<>();
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private volatile int ttl = 300;

    /// The faults that a name can have.
    enum Trouble {
        SERVFAIL,
        /// No answer at all.
        SILENT,
        /// Answers do not fit into a datagram.
        TRUNCATED
    }

    /// A client's question; `roomy` if it takes more than the smallest datagrams.
    record Question(int id, int flags, String name, int type, boolean roomy) {
        @Override
        public String toString() {
            return DnsRecord.typeName(type) + " " + name;
        }
    }

    private record Answer(String name, DnsRecord record) {}

    void add(String name, DnsRecord record) {
        exists(name);
        List<DnsRecord> known = records.get(DnsRecord.key(name));
        if (known != null) {
            known.add(record);
        }
    }

    /// Makes a name exist, with or without records.
    void exists(String name) {
        records.computeIfAbsent(DnsRecord.key(name), _ -> new CopyOnWriteArrayList<>());
    }

    void trouble(String name, Trouble trouble) {
        troubles.put(DnsRecord.key(name), trouble);
    }

    void remove(String name) {
        records.remove(DnsRecord.key(name));
        troubles.remove(DnsRecord.key(name));
    }

    /// The time to live of records that have none of their own, in seconds.
    void ttl(int seconds) {
        ttl = seconds;
    }

    static Question question(byte[] message) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(message));
        int id = in.readUnsignedShort();
        int flags = in.readUnsignedShort();
        if (in.readUnsignedShort() != 1) {
            throw new IOException("not one question");
        }
        in.skipNBytes(4);
        boolean roomy = in.readUnsignedShort() > 0; // an OPT record, most likely (RFC 6891)
        var name = new StringBuilder();
        for (int n = in.readUnsignedByte(); n > 0; n = in.readUnsignedByte()) {
            if (n > 63) {
                throw new IOException("not a label");
            }
            byte[] label = new byte[n];
            in.readFully(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.ISO_8859_1));
        }
        return new Question(id, flags, name.toString(), in.readUnsignedShort(), roomy);
    }

    /// The answer to a question; null if there shall be none.
    byte @Nullable [] answer(Question question, boolean overTcp) throws IOException {
        Trouble trouble = troubles.get(DnsRecord.key(question.name()));
        if (trouble == Trouble.SILENT) {
            return null;
        }
        if (trouble == Trouble.SERVFAIL) {
            return message(question, SERVFAIL, false, List.of(), null);
        }
        var answers = new ArrayList<Answer>();
        int code = collect(question, answers);
        boolean negative = answers.stream().noneMatch(a -> a.record().type() == question.type());
        DnsRecord soa = negative ? soaOf(question.name()) : null;
        byte[] whole = message(question, code, false, answers, soa);
        int room = question.roomy() ? LARGE : SMALL;
        boolean cut = !overTcp && (trouble == Trouble.TRUNCATED || whole.length > room);
        return cut ? message(question, code, true, List.of(), null) : whole;
    }

    /// Follows aliases; says whether the last name exists.
    private int collect(Question question, List<Answer> answers) {
        String name = question.name();
        List<DnsRecord> here = records.get(DnsRecord.key(name));
        for (int hops = 0; here != null && hops < MAX_ALIASES; hops++) {
            DnsRecord alias = null;
            for (DnsRecord record : here) {
                if (record.type() == question.type()) {
                    answers.add(new Answer(name, record));
                } else if (record.type() == DnsRecord.CNAME) {
                    alias = record;
                }
            }
            if (alias == null) {
                return 0;
            }
            answers.add(new Answer(name, alias));
            name = alias.target();
            here = records.get(DnsRecord.key(name));
        }
        return here == null ? NXDOMAIN : 0;
    }

    private DnsRecord soaOf(String name) {
        for (String zone = DnsRecord.key(name); !zone.isEmpty(); ) {
            for (DnsRecord record : records.getOrDefault(zone, List.of())) {
                if (record.type() == DnsRecord.SOA) {
                    return record;
                }
            }
            int dot = zone.indexOf('.');
            zone = dot < 0 ? "" : zone.substring(dot + 1);
        }
        return DEFAULT_SOA;
    }

    private byte[] message(
            Question question,
            int code,
            boolean truncated,
            List<Answer> answers,
            @Nullable DnsRecord soa)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(question.id());
        int recursion = question.flags() & 0x0100;
        out.writeShort(0x8480 | recursion | (truncated ? 0x0200 : 0) | code);
        out.writeShort(1);
        out.writeShort(answers.size());
        out.writeShort(soa == null ? 0 : 1);
        out.writeShort(0);
        out.write(DnsRecord.name(question.name()));
        out.writeShort(question.type());
        out.writeShort(1);
        for (Answer answer : answers) {
            write(out, answer.name(), answer.record());
        }
        if (soa != null) {
            write(out, question.name(), soa);
        }
        return bytes.toByteArray();
    }

    private void write(DataOutputStream out, String name, DnsRecord record) throws IOException {
        out.write(DnsRecord.name(name));
        out.writeShort(record.type());
        out.writeShort(1);
        out.writeInt(record.ttl() < 0 ? ttl : record.ttl());
        out.writeShort(record.data().length);
        out.write(record.data());
    }
}
