/** Evidence of made-up platforms to measure verification with. Entry: {@link io.bitdelta.attestation.bench.SampleEvidence}. */
@NullMarked
package io.bitdelta.attestation.bench;

import org.jspecify.annotations.NullMarked;
