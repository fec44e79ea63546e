package io.bitdelta.node.api.royalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.node.api.NodeCaller;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.RoyaltyHouse;
import io.bitdelta.node.royalty.SignedVoucher;
import io.bitdelta.node.royalty.UnsignedCall;
import io.bitdelta.node.royalty.view.VoucherView;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Money in and out over HTTP, several jobs at a time: the contract covers what is owed, and nobody gets more than a share. */
final class MoneyOverHttpTest {
    private static final int ROUNDS = 6;
    private static final int AT_ONCE = 6;
    private static final BigInteger WHOLE = BigInteger.valueOf(1_000_000_000L);
    private static final List<EvmAddress> PEOPLE =
            List.of(RoyaltyHouse.identity(1), RoyaltyHouse.identity(2), RoyaltyHouse.identity(3));

    @TempDir
    Path folder;

    private final Map<EvmAddress, NodeCaller> people = new HashMap<>();
    private final List<Bytes32> soups = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void theContractCoversWhatIsOwedAndNobodyGetsMoreThanAShare(long seed) throws IOException {
        Random random = new Random(seed);
        try (RoyaltyHouse house = RoyaltyHouse.open(folder);
                ServedNode server = ServedNode.start(house.node(), "127.0.0.1", 0)) {
            house.node().jobs().start();
            String url = "http://127.0.0.1:" + server.port();
            soups.add(house.soup(RoyaltyHouse.shares(PEOPLE, 333_333_333, 500_000_001)));
            soups.add(house.soup(RoyaltyHouse.shares(List.of(PEOPLE.get(1), PEOPLE.get(0)), 1)));
            soups.add(house.soup(RoyaltyHouse.shares(List.of(PEOPLE.get(2)))));
            house.give(EvmAddress.of(house.royalties().account().address()), BigInteger.valueOf(100_000_000));
            house.deposit(house.token(), 5_000_000);
            house.deposit(Royalties.NATIVE, 5_000_000);
            house.node().catchUp();
            for (EvmAddress person : PEOPLE) {
                people.put(person, caller(house, url, Optional.of(person), EnumSet.of(Scope.ROYALTY, Scope.SPONSOR)));
            }
            try (NodeCaller operator = caller(house, url, Optional.empty(), EnumSet.allOf(Scope.class))) {
                for (int round = 0; round < ROUNDS; round++) {
                    List<String> jobs = new ArrayList<>();
                    for (int i = 0; i < AT_ONCE; i++) {
                        step(house, operator, random).ifPresent(jobs::add);
                    }
                    for (String job : jobs) {
                        JsonNode done = operator.awaitEnd(job);
                        assertThat(done.path("state").asString()).as("%s", done).isEqualTo("SUCCEEDED");
                    }
                    house.node().catchUp();
                    check(house, operator, Royalties.NATIVE);
                    check(house, operator, house.token());
                }
            } finally {
                people.values().forEach(NodeCaller::close);
            }
        }
    }

    private static NodeCaller caller(RoyaltyHouse house, String url, Optional<EvmAddress> who, Set<Scope> scopes) {
        return new NodeCaller(
                url,
                new ApiKeys(house.node().database(), new SecureRandom(), Clock.systemUTC())
                        .create("t", who, scopes, Duration.ofDays(1))
                        .secret());
    }

    /** One request, or what a wallet does with its answer; the job that it began. */
    private Optional<String> step(RoyaltyHouse house, NodeCaller operator, Random random) throws IOException {
        String token = (random.nextBoolean() ? Royalties.NATIVE : house.token()).hex();
        String soup = soups.get(random.nextInt(soups.size())).hex();
        String amount = Integer.toString(1 + random.nextInt(1_000_000));
        return switch (random.nextInt(6)) {
            case 0 ->
                job(operator.post("/api/royalties/payments", Map.of("soup", soup, "token", token, "amount", amount)));
            case 1 -> {
                JsonNode prepared = answer(
                        200,
                        operator.post(
                                "/api/royalties/payments/prepare",
                                Map.of(
                                        "payer", house.payerAddress().hex(),
                                        "soup", soup,
                                        "token", token,
                                        "amount", amount)));
                prepared.path("calls")
                        .forEach(call -> house.send(new UnsignedCall(
                                call.path("what").stringValue(),
                                call.path("to").stringValue(),
                                call.path("data").stringValue(),
                                new BigInteger(call.path("value").stringValue()))));
                yield Optional.empty();
            }
            case 2 -> {
                voucher(house, operator, soup, token, random);
                yield job(operator.post("/api/royalties/settlements", null));
            }
            case 3 -> job(operator.post("/api/royalties/escrow/deposits", Map.of("token", token, "amount", amount)));
            default -> {
                EvmAddress person = PEOPLE.get(random.nextInt(PEOPLE.size()));
                yield job(Objects.requireNonNull(people.get(person))
                        .post("/api/royalties/claims", Map.of("did", did(person))));
            }
        };
    }

    /** A voucher over a bit more than is drawn; one that the escrow does not cover is refused, which is fine. */
    private static void voucher(RoyaltyHouse house, NodeCaller operator, String soup, String token, Random random)
            throws IOException {
        Royalties royalties = house.royalties();
        BigInteger drawn = royalties.contract().drawn(Bytes32.of(soup), token, house.payerAddress());
        VoucherMessage message = new VoucherMessage(
                Bytes32.of(soup),
                EvmAddress.of(token),
                house.payerAddress(),
                drawn.add(BigInteger.valueOf(1 + random.nextInt(2_000_000))),
                royalties.contract().chainTime() + 3_000);
        SignedVoucher signed = new SignedVoucher(
                message,
                house.payerKey().sign(message.digest(royalties.contract().domain())));
        assertThat(operator.post("/api/royalties/vouchers", VoucherView.of(signed))
                        .status())
                .isIn(200, 422);
    }

    private static String did(EvmAddress identity) {
        return new LuxDid(31337, identity).toString();
    }

    private static Optional<String> job(NodeCaller.Answer answer) {
        return Optional.of(answer(202, answer).path("job").asString());
    }

    private static JsonNode answer(int status, NodeCaller.Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        return answer.json();
    }

    private void check(RoyaltyHouse house, NodeCaller caller, EvmAddress token) {
        BigInteger inPots = BigInteger.ZERO;
        Map<String, BigInteger> received = new HashMap<>();
        for (Bytes32 soup : soups) {
            for (JsonNode pot : answer(200, caller.get("/api/soups/" + soup)).path("pots")) {
                if (pot.path("token").asString().equals(token.hex())) {
                    received.put(soup.hex(), units(pot, "received"));
                    inPots = inPots.add(units(pot, "received")).subtract(units(pot, "paid"));
                }
            }
        }
        BigInteger owed = BigInteger.ZERO;
        BigInteger escrow = BigInteger.ZERO;
        List<EvmAddress> all = new ArrayList<>(PEOPLE);
        all.add(house.payerAddress());
        all.add(EvmAddress.of(house.royalties().account().address()));
        for (EvmAddress identity : all) {
            for (JsonNode balance :
                    answer(200, caller.get("/api/royalties/" + did(identity))).path("balances")) {
                if (balance.path("token").asString().equals(token.hex())) {
                    owed = owed.add(units(balance, "claimable"));
                    escrow = escrow.add(units(balance, "escrow"));
                    balance.path("shares").forEach(share -> checkShare(share, received));
                }
            }
        }
        String address = house.royalties().contract().address();
        BigInteger held = token.equals(Royalties.NATIVE)
                ? house.chain().balance(address)
                : house.tokenBalance(EvmAddress.of(address));
        assertThat(inPots.add(escrow))
                .as("pots and escrows are what the contract holds")
                .isEqualTo(held);
        assertThat(owed.add(escrow)).as("what is owed is covered").isLessThanOrEqualTo(held);
    }

    private static void checkShare(JsonNode share, Map<String, BigInteger> received) {
        BigInteger part = BigInteger.valueOf(
                share.path("end").asLong() - share.path("start").asLong());
        BigInteger most = received.getOrDefault(share.path("soup").asString(), BigInteger.ZERO)
                .multiply(part)
                .divide(WHOLE)
                .add(BigInteger.ONE);
        BigInteger earned = new BigInteger(share.path("earned").asString());
        assertThat(earned).as("%s", share).isLessThanOrEqualTo(most);
        assertThat(new BigInteger(share.path("claimed").asString())
                        .add(new BigInteger(share.path("claimable").asString())))
                .isEqualTo(earned);
    }

    private static BigInteger units(JsonNode of, String member) {
        return new BigInteger(of.path(member).path("units").asString());
    }
}
