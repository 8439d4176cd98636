// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.ServerNames;
import org.postino.tls.TlsParams;

/// The tables of `tls_server_sni_maps`, for the servers that show certificates.
public final class ServerNameTable implements ServerNames {
    private final Maps maps;

    private ServerNameTable(Maps maps) {
        this.maps = maps;
    }

    /// The tables of main.cf; null if there are none.
    public static @Nullable ServerNames of(Config config) {
        var names = config.get(TlsParams.TLS_SERVER_SNI_MAPS);
        return names.isEmpty() ? null : new ServerNameTable(new Tables(config).maps(names));
    }

    @Override
    public Optional<String> find(String key) throws IOException {
        try {
            return maps.find(key);
        } catch (TableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
