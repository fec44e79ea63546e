package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;

/**
 * A payer's cumulative off-chain payment to a soup.
 *
 * @param soupId who is paid
 * @param token the ERC-20, or the zero address
 * @param payer who pays
 * @param cumulative all paid so far, in the smallest unit
 * @param expiry Unix seconds
 */
public record VoucherMessage(Bytes32 soupId, EvmAddress token, EvmAddress payer, BigInteger cumulative, long expiry)
        implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE =
            "Voucher(bytes32 soupId,address token,address payer,uint128 cumulative,uint64 expiry)";

    /** Refuses values outside their Solidity types. */
    public VoucherMessage {
        UintRange.check("cumulative", cumulative, 128);
        UintRange.check("expiry", expiry, 64);
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.word(soupId).address(token).address(payer).uint(cumulative).uint(expiry);
    }
}
