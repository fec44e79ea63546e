/**
 * The verdict model of RFC 9334: evidence, endorsements and policy in, one result with every reason out. Entry: {@link io.bitdelta.attestation.appraisal.Appraiser}.
 */
@NullMarked
package io.bitdelta.attestation.appraisal;

import org.jspecify.annotations.NullMarked;
