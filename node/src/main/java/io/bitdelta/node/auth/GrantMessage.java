package io.bitdelta.node.auth;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.typed.Eip712Domain;

/**
 * What an owner signs to lend a scope (EIP-712).
 *
 * @param owner who lends
 * @param grantee who may
 * @param scope what
 * @param deltaId on which delta of the owner's; zero for everything of theirs
 * @param expiresAt Unix seconds, exclusive
 * @param nonce random; a grant is taken once
 */
public record GrantMessage(
        EvmAddress owner, EvmAddress grantee, Scope scope, Bytes32 deltaId, long expiresAt, Bytes32 nonce) {
    /** The EIP-712 type. */
    public static final String TYPE =
            "Grant(address owner,address grantee,string scope,bytes32 deltaId,uint64 expiresAt,bytes32 nonce)";

    /** Name of the EIP-712 domain; its contract is the registry. */
    public static final String DOMAIN = "BitDeltaNode";

    /** Refuses what nobody can lend. */
    public GrantMessage {
        if (scope == Scope.OPERATOR || scope == Scope.SPONSOR) {
            throw new IllegalArgumentException("scope: %s is the node's to give, not an owner's".formatted(scope));
        }
        if (expiresAt <= 0) {
            throw new IllegalArgumentException("expiresAt: %d is no time in the future".formatted(expiresAt));
        }
    }

    /** The digest that is signed. */
    public Bytes32 digest(long chainId, EvmAddress registry) {
        Bytes32 struct = new AbiWords()
                .word(Keccak256.ofText(TYPE))
                .address(owner)
                .address(grantee)
                .word(Keccak256.ofText(scope.toString()))
                .word(deltaId)
                .uint(expiresAt)
                .word(nonce)
                .keccak();
        return Keccak256.of(
                new byte[] {0x19, 0x01},
                new Eip712Domain(DOMAIN, chainId, registry).separator().bytes(),
                struct.bytes());
    }

    /** Names the grant. */
    public String id() {
        return new AbiWords().address(owner).word(nonce).keccak().hex();
    }
}
