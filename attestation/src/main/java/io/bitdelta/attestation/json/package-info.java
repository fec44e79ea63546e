/**
 * RFC 8785 JSON without floats (FORMATS section intro): one text per value. Entry: {@link io.bitdelta.attestation.json.CanonicalJson}.
 */
@NullMarked
package io.bitdelta.attestation.json;

import org.jspecify.annotations.NullMarked;
