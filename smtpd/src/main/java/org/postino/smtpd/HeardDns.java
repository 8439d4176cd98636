// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.postino.dns.Answer;
import org.postino.dns.Dns;
import org.postino.dns.MxHost;
import org.postino.util.InetText;

/// A domain name system whose answers are heard as [Steps] as well.
record HeardDns(Dns dns, Steps steps) implements Dns {
    @Override
    public Answer<MxHost> mx(String domain) {
        return heard("MX " + domain, dns.mx(domain));
    }

    @Override
    public Answer<InetAddress> addresses(String host, Family family) {
        String types =
                switch (family) {
                    case ANY -> "AAAA, A ";
                    case IPV4 -> "A ";
                    case IPV6 -> "AAAA ";
                };
        return heard(types + host, dns.addresses(host, family));
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return heard("PTR " + InetText.of(address), dns.ptr(address));
    }

    @Override
    public Answer<String> txt(String name) {
        return heard("TXT " + name, dns.txt(name));
    }

    @Override
    public Answer<String> ns(String zone) {
        return heard("NS " + zone, dns.ns(zone));
    }

    private <T> Answer<T> heard(String question, Answer<T> answer) {
        steps.resolved(question, text(answer));
        return answer;
    }

    private static <T> String text(Answer<T> answer) {
        return switch (answer) {
            case Answer.Found<T>(var records) -> text(records);
            case Answer.NoSuchDomain<T> _ -> "no such name";
            case Answer.NoData<T> _ -> "no such record";
            case Answer.TempFail<T>(var reason) -> "no answer: " + reason;
        };
    }

    private static <T> String text(List<T> records) {
        var texts = new ArrayList<String>();
        for (T one : records) {
            texts.add(
                    switch (one) {
                        case InetAddress address -> InetText.of(address);
                        case MxHost(int preference, var name) -> preference + " " + name;
                        default -> one.toString();
                    });
        }
        return String.join(", ", texts);
    }
}
