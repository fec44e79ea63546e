package io.bitdelta.node.royalty.view;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.node.royalty.RoyaltyInputException;
import io.bitdelta.node.royalty.SignedVoucher;
import java.math.BigInteger;

/**
 * A signed voucher, as it is handed over.
 *
 * @param soup who is paid
 * @param token in what; zero for the native currency
 * @param payer who signed
 * @param cumulative all that is owed so far, in the smallest unit
 * @param expiry last second in which it can be settled, Unix time
 * @param signature 65 bytes
 */
public record VoucherView(String soup, String token, String payer, String cumulative, long expiry, String signature) {
    /** The view of a voucher. */
    public static VoucherView of(SignedVoucher voucher) {
        VoucherMessage message = voucher.message();
        return new VoucherView(
                message.soupId().hex(),
                message.token().hex(),
                message.payer().hex(),
                message.cumulative().toString(),
                message.expiry(),
                HexText.of(voucher.signature().bytes()));
    }

    /**
     * The voucher that was viewed.
     *
     * @throws RoyaltyInputException when a member is not what it should be
     * @throws io.bitdelta.attestation.sign.SignatureException when the signature has not its one accepted form
     */
    public SignedVoucher voucher() {
        try {
            return new SignedVoucher(
                    new VoucherMessage(
                            Bytes32.of(soup),
                            EvmAddress.of(token),
                            EvmAddress.of(payer),
                            new BigInteger(cumulative),
                            expiry),
                    EvmSignature.parse(HexText.parse(signature)));
        } catch (IllegalArgumentException malformed) {
            throw new RoyaltyInputException("this is no voucher: " + malformed.getMessage());
        }
    }
}
