package io.bitdelta.node.api.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.api.publish.Sponsoring;
import io.bitdelta.node.jobs.IdempotencyConflictException;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.jobs.TooManyJobsException;
import io.bitdelta.node.royalty.Channel;
import io.bitdelta.node.royalty.ClaimJob;
import io.bitdelta.node.royalty.EscrowJob;
import io.bitdelta.node.royalty.EscrowJob.Move;
import io.bitdelta.node.royalty.PaymentJob;
import io.bitdelta.node.royalty.Permit;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.SettlementJob;
import io.bitdelta.node.royalty.SignedVoucher;
import io.bitdelta.node.royalty.UnsignedCall;
import io.bitdelta.node.royalty.Usage;
import io.bitdelta.node.royalty.UsageMeter;
import io.bitdelta.node.royalty.statement.Statement;
import io.bitdelta.node.royalty.statement.StatementCsv;
import io.bitdelta.node.royalty.statement.StatementView;
import io.bitdelta.node.royalty.view.BalanceView;
import io.bitdelta.node.royalty.view.CallView;
import io.bitdelta.node.royalty.view.UsageView;
import io.bitdelta.node.royalty.view.VoucherView;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.utils.Numeric;
import tools.jackson.databind.node.ObjectNode;

/** Operations of the tag {@code royalties}. */
public final class RoyaltyApi implements ApiArea {
    private static final String CSV = "text/csv";
    private static final int PAGE = 100;

    private final Royalties royalties;
    private final Jobs jobs;
    private final Sponsoring sponsoring;

    /**
     * @param royalties what is told and prepared
     * @param jobs what the node pays for
     * @param sponsoring for whom it pays
     */
    public RoyaltyApi(Royalties royalties, Jobs jobs, Sponsoring sponsoring) {
        this.royalties = royalties;
        this.jobs = jobs;
        this.sponsoring = sponsoring;
    }

    /** An ERC-2612 permit. */
    record PermitBody(long deadline, String signature) {}

    /** A payment from a wallet. */
    record PreparePayment(
            String payer,
            String soup,
            @Nullable String token,
            String amount,
            @Nullable PermitBody permit) {}

    /** A payment from the node's account. */
    record MakePayment(String soup, @Nullable String token, String amount) {}

    /** An LP-303 payment from the node's account. */
    record Distribution(String soup, String amount) {}

    /** Money into or out of the node's escrow. */
    record EscrowAmount(@Nullable String token, String amount) {}

    /** All that was announced. */
    record EscrowToken(@Nullable String token) {}

    /** A wish to claim. */
    record ClaimBody(String did, @Nullable String token) {}

    /** A use. */
    record UsageBody(
            String payer,
            String requestId,
            String soup,
            @Nullable String token,
            @Nullable String delta,
            long units,
            String unitPrice) {}

    /** Which of the node's own debts a voucher is wanted for. */
    record IssueBody(String soup, @Nullable String token) {}

    @Override
    public void bind(Operations operations) {
        operations.on("royaltyBalances", RoyaltyProblems.told(this::balances));
        operations.on("royaltyStatement", RoyaltyProblems.told(this::statement));
        operations.on("preparePayment", RoyaltyProblems.told(this::preparePayment));
        operations.on("makePayment", RoyaltyProblems.told(this::makePayment));
        operations.on("distributeRoyalties", RoyaltyProblems.told(this::distribute));
        operations.on("depositEscrow", RoyaltyProblems.told(call -> escrow(call, Move.DEPOSIT)));
        operations.on("announceWithdrawal", RoyaltyProblems.told(call -> escrow(call, Move.ANNOUNCE)));
        operations.on("withdrawEscrow", RoyaltyProblems.told(this::withdraw));
        operations.on("prepareClaims", RoyaltyProblems.told(this::prepareClaims));
        operations.on("relayClaims", RoyaltyProblems.told(this::relayClaims));
        operations.on("recordUsage", RoyaltyProblems.told(this::recordUsage));
        operations.on("listUsage", RoyaltyProblems.told(this::listUsage));
        operations.on("acceptVoucher", RoyaltyProblems.told(this::acceptVoucher));
        operations.on("issueVoucher", RoyaltyProblems.told(this::issueVoucher));
        operations.on("listVouchers", RoyaltyProblems.told(this::listVouchers));
        operations.on(
                "listAllVouchers",
                RoyaltyProblems.told(call -> vouchers(royalties.vouchers().newest())));
        operations.on("settleVouchers", RoyaltyProblems.told(this::settleVouchers));
    }

    private Reply balances(Call call) {
        LuxDid did = did("path", call.path("did"));
        return Reply.ok(BalanceView.of(did, royalties.book().balances(did.address()), royalties.tokens()::at));
    }

    private Reply statement(Call call) {
        Statement statement = royalties
                .statements()
                .of(
                        did("path", call.path("did")),
                        call.query("token").map(EvmAddress::of),
                        Instant.parse(call.query("from").orElseThrow()),
                        Instant.parse(call.query("to").orElseThrow()));
        return call.accepted().startsWith(CSV)
                ? Reply.bytes(CSV, StatementCsv.of(statement).getBytes(StandardCharsets.UTF_8))
                        .withHeader("Content-Disposition", "attachment; filename=\"statement.csv\"")
                : Reply.ok(StatementView.of(statement));
    }

    private Reply preparePayment(Call call) {
        PreparePayment body = call.body(PreparePayment.class);
        PermitBody permit = body.permit();
        List<UnsignedCall> calls = royalties
                .payments()
                .prepare(
                        EvmAddress.of(body.payer()),
                        Bytes32.of(body.soup()),
                        token(body.token()),
                        new BigInteger(body.amount()),
                        permit == null
                                ? Optional.empty()
                                : Optional.of(new Permit(
                                        permit.deadline(),
                                        EvmSignature.parse(Numeric.hexStringToByteArray(permit.signature())))));
        return calls(calls);
    }

    private Reply makePayment(Call call) {
        MakePayment body = call.body(MakePayment.class);
        return accepted(
                call,
                PaymentJob.NAME,
                PaymentJob.input(Bytes32.of(body.soup()), token(body.token()), new BigInteger(body.amount())));
    }

    private Reply distribute(Call call) {
        Distribution body = call.body(Distribution.class);
        return accepted(
                call, PaymentJob.NAME, PaymentJob.distribution(Bytes32.of(body.soup()), new BigInteger(body.amount())));
    }

    private Reply escrow(Call call, Move move) {
        EscrowAmount body = call.body(EscrowAmount.class);
        return accepted(
                call, EscrowJob.NAME, EscrowJob.input(move, token(body.token()), new BigInteger(body.amount())));
    }

    private Reply withdraw(Call call) {
        EscrowToken body = call.body(EscrowToken.class);
        return accepted(call, EscrowJob.NAME, EscrowJob.input(Move.WITHDRAW, token(body.token()), BigInteger.ZERO));
    }

    private Reply prepareClaims(Call call) {
        ClaimBody body = call.body(ClaimBody.class);
        var plan = royalties
                .claims()
                .plan(
                        did("body", body.did()).address(),
                        Optional.ofNullable(body.token()).map(EvmAddress::of));
        return calls(royalties.claims().prepare(plan));
    }

    private Reply relayClaims(Call call) {
        sponsoring.require(call.principal());
        ClaimBody body = call.body(ClaimBody.class);
        return accepted(
                call,
                ClaimJob.NAME,
                ClaimJob.input(
                        did("body", body.did()),
                        Optional.ofNullable(body.token()).map(EvmAddress::of)));
    }

    private Reply recordUsage(Call call) {
        UsageBody body = call.body(UsageBody.class);
        Channel channel = new Channel(Bytes32.of(body.soup()), token(body.token()), EvmAddress.of(body.payer()));
        UsageMeter.Metered metered = royalties
                .usage()
                .record(new Usage(
                        channel,
                        body.requestId(),
                        call.principal().id(),
                        body.delta() == null ? Bytes32.ZERO : Bytes32.of(body.delta()),
                        body.units(),
                        new BigInteger(body.unitPrice())));
        return Reply.ok(UsageView.of(metered));
    }

    private Reply listUsage(Call call) {
        Channel channel = new Channel(
                Bytes32.of(call.query("soup").orElseThrow()),
                token(call.query("token").orElse(null)),
                did("query", call.query("did").orElseThrow()).address());
        int limit = Math.toIntExact(call.queryNumber("limit").orElse(PAGE));
        List<UsageView> records =
                royalties.usage().records(channel, call.queryNumber("after").orElse(0), limit).stream()
                        .map(UsageView::of)
                        .toList();
        return Reply.ok(Map.of("metered", royalties.usage().metered(channel).toString(), "records", records));
    }

    private Reply acceptVoucher(Call call) {
        SignedVoucher voucher = call.body(VoucherView.class).voucher();
        return Reply.ok(VoucherView.of(royalties.vouchers().accept(voucher)));
    }

    private Reply issueVoucher(Call call) {
        IssueBody body = call.body(IssueBody.class);
        Channel own = royalties.ownChannel(Bytes32.of(body.soup()), token(body.token()));
        return Reply.ok(VoucherView.of(royalties.vouchers().issue(own, royalties.account())));
    }

    private Reply listVouchers(Call call) {
        return vouchers(royalties
                .vouchers()
                .newest(
                        did("query", call.query("did").orElseThrow()).address(),
                        token(call.query("token").orElse(null))));
    }

    private static Reply vouchers(List<SignedVoucher> newest) {
        return Reply.ok(Map.of("vouchers", newest.stream().map(VoucherView::of).toList()));
    }

    private Reply settleVouchers(Call call) {
        return accepted(call, SettlementJob.NAME, SettlementJob.input());
    }

    private Reply accepted(Call call, String kind, ObjectNode input) {
        try {
            Job job = jobs.submit(call.principal().id(), kind, call.header("Idempotency-Key"), input);
            String href = "/api/jobs/" + job.id();
            return Reply.json(202, Map.of("job", job.id(), "href", href)).withHeader("Location", href);
        } catch (IdempotencyConflictException conflict) {
            throw Problem.conflict(String.valueOf(conflict.getMessage()));
        } catch (TooManyJobsException full) {
            throw Problem.of(429, "too-many-jobs", String.valueOf(full.getMessage()))
                    .withHeader("Retry-After", "60");
        }
    }

    private static Reply calls(List<UnsignedCall> calls) {
        return Reply.ok(Map.of("calls", calls.stream().map(CallView::of).toList()));
    }

    private static EvmAddress token(@Nullable String token) {
        return token == null ? Royalties.NATIVE : EvmAddress.of(token);
    }

    private static LuxDid did(String in, String text) {
        try {
            return LuxDid.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw Problem.invalid(in, "/did", String.valueOf(malformed.getMessage()));
        }
    }
}
