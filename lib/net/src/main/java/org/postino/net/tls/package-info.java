// SPDX-License-Identifier: Apache-2.0

/// TLS over sockets that are already connected, keys and certificates in PEM files. Nothing of it is loaded before the first handshake.
@NullMarked
package org.postino.net.tls;

import org.jspecify.annotations.NullMarked;
