// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.util.Optional;

/// The table of `tls_server_sni_maps`, which this room gets handed in.
@FunctionalInterface
public interface ServerNames {
    /// Finds what stands for a host name, or for `.domain`.
    ///
    /// @return PEM files with keys and chains, their names apart by commas or blanks, or the base64 form of their contents
    /// @throws IOException the table cannot be asked now
    Optional<String> find(String key) throws IOException;
}
