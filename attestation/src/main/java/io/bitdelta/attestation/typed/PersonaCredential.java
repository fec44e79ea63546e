package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;

/**
 * A persona in five traits (LP-107).
 *
 * @param subjectLuxId the DID
 * @param openness -100 to 100
 * @param conscientiousness -100 to 100
 * @param extraversion -100 to 100
 * @param agreeableness -100 to 100
 * @param neuroticism -100 to 100
 * @param policyHash the policy
 * @param endorsementsHash the endorsements
 * @param issuedAt Unix seconds
 * @param expiresAt Unix seconds, after issuedAt
 */
public record PersonaCredential(
        String subjectLuxId,
        int openness,
        int conscientiousness,
        int extraversion,
        int agreeableness,
        int neuroticism,
        Bytes32 policyHash,
        Bytes32 endorsementsHash,
        long issuedAt,
        long expiresAt)
        implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE =
            "PersonaCredential(string subjectLuxId,int16 O,int16 C,int16 E,int16 A,int16 N,bytes32 policyHash,"
                    + "bytes32 endorsementsHash,uint64 issuedAt,uint64 expiresAt)";

    /** Refuses values outside their Solidity types. */
    public PersonaCredential {
        for (int trait : new int[] {openness, conscientiousness, extraversion, agreeableness, neuroticism}) {
            if (trait < -100 || trait > 100) {
                throw new IllegalArgumentException("trait " + trait + " is outside [-100, 100]");
            }
        }
        UintRange.check("issuedAt", issuedAt, 64);
        if (expiresAt <= issuedAt) {
            throw new IllegalArgumentException("expiresAt " + expiresAt + " is not after issuedAt " + issuedAt);
        }
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.word(Keccak256.ofText(subjectLuxId))
                .signed(openness)
                .signed(conscientiousness)
                .signed(extraversion)
                .signed(agreeableness)
                .signed(neuroticism)
                .word(policyHash)
                .word(endorsementsHash)
                .uint(issuedAt)
                .uint(expiresAt);
    }
}
