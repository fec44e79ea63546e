package io.bitdelta.attestation.appraisal;

/**
 * One failed check.
 *
 * @param reason which
 * @param detail what was found and what was expected, for people
 */
public record Finding(Reason reason, String detail) {}
