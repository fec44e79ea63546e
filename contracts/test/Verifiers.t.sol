// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { DcapVerifier } from "../src/DcapVerifier.sol";
import { DevelopmentVerifier } from "../src/DevelopmentVerifier.sol";
import { QuorumVerifier } from "../src/QuorumVerifier.sol";
import { IQuorum } from "../src/interfaces/IQuorum.sol";
import { Quotes } from "../src/libraries/Quotes.sol";
import { Statement } from "../src/libraries/Statement.sol";
import { Flags } from "../src/types/Delta.sol";
import { Test } from "./harness/Test.sol";

/// @notice The verifiers, their negatives first of all. This contract stands for the registry.
contract VerifiersTest is Test {
    uint256 private constant SESSION_KEY = 0x5E55;
    uint256 private constant P256_KEY = 0x1234567;
    bytes32 private constant DELTA = keccak256("delta");
    bytes32 private constant MEASUREMENT = keccak256("measurement");
    bytes32 private constant SEV = keccak256("snp");
    string private constant SHARED = "../../shared/vectors/attestation/";

    uint256[3] private keys = [uint256(0x01), 0x02, 0x03];
    QuorumVerifier private quorum;
    DcapVerifier private dcap;
    address private owner = address(0x0A11);

    function setUp() public {
        vm.warp(1_800_000_000);
        // Ascending by address.
        for (uint256 i; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (vm.addr(keys[i]) > vm.addr(keys[j])) {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                }
            }
        }
        address[] memory operators = new address[](3);
        for (uint256 i; i < 3; ++i) {
            operators[i] = vm.addr(keys[i]);
        }
        quorum = new QuorumVerifier(owner, operators, 2);
        dcap = new DcapVerifier(owner, address(quorum));
        vm.prank(owner);
        quorum.allowMeasurement(MEASUREMENT, true);
    }

    // ---- development

    function test_developmentExistsOnTestChainsOnly() public {
        uint256[4] memory chains = [uint256(1), 122, 10, 8453];
        for (uint256 i; i < 4; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(abi.encodeWithSelector(DevelopmentVerifier.NotATestChain.selector, chains[i]));
            new DevelopmentVerifier(address(1));
        }
        vm.chainId(31_337);
        DevelopmentVerifier verifier = new DevelopmentVerifier(vm.addr(SESSION_KEY));
        Statement.Binding memory b = binding(0);
        bytes memory evidence = abi.encode(b, sign(SESSION_KEY, statement(DELTA, b)));
        eq(verifier.verify(DELTA, evidence), Flags.DEVELOPMENT, "flag");
        vm.expectPartialRevert(DevelopmentVerifier.NotTheAnchor.selector);
        verifier.verify(keccak256("another delta"), evidence);
        vm.prank(address(0xBAD));
        vm.expectPartialRevert(DevelopmentVerifier.NotTheAnchor.selector);
        verifier.verify(DELTA, evidence);
        vm.chainId(122);
        vm.expectRevert(abi.encodeWithSelector(DevelopmentVerifier.NotATestChain.selector, 122));
        verifier.verify(DELTA, evidence);
        vm.chainId(31_337);
        vm.warp(uint256(b.expiry) + 1);
        vm.expectPartialRevert(Statement.StatementExpired.selector);
        verifier.verify(DELTA, evidence);
    }

    // ---- quorum

    function test_aRegisteredSessionKeyProvesItsDeltas() public {
        register(uint64(clock() + 30 days));
        (uint64 expiry,,) = quorum.sessionKeys(vm.addr(SESSION_KEY));
        eq(expiry, clock() + 7 days, "never longer than a week");
        bytes memory evidence = sessionEvidence(SESSION_KEY);
        eq(quorum.verify(DELTA, evidence), Flags.TEE, "flag");
        vm.expectPartialRevert(QuorumVerifier.SessionKeyMismatch.selector);
        quorum.verify(keccak256("another delta"), evidence);
        vm.prank(address(0xBAD));
        vm.expectPartialRevert(QuorumVerifier.SessionKeyMismatch.selector);
        quorum.verify(DELTA, evidence);
        bytes memory stranger = sessionEvidence(0x999);
        vm.expectRevert(abi.encodeWithSelector(QuorumVerifier.SessionKeyUnknown.selector, vm.addr(0x999)));
        quorum.verify(DELTA, stranger);
    }

    function test_aSessionKeyEnds() public {
        register(uint64(clock() + 1 days));
        uint256 state = vm.snapshotState();
        vm.warp(clock() + 1 days + 1);
        bytes memory evidence = sessionEvidence(SESSION_KEY);
        vm.expectPartialRevert(QuorumVerifier.SessionKeyExpired.selector);
        quorum.verify(DELTA, evidence);
        vm.revertToState(state);
        vm.prank(address(0xBAD));
        vm.expectRevert(abi.encodeWithSelector(QuorumVerifier.NotAllowed.selector, address(0xBAD)));
        quorum.revokeSessionKey(vm.addr(SESSION_KEY));
        vm.prank(vm.addr(keys[1]));
        quorum.revokeSessionKey(vm.addr(SESSION_KEY));
        evidence = sessionEvidence(SESSION_KEY);
        vm.expectPartialRevert(QuorumVerifier.SessionKeyRevoked.selector);
        quorum.verify(DELTA, evidence);
        vm.revertToState(state);
        vm.prank(owner);
        quorum.allowMeasurement(MEASUREMENT, false);
        vm.expectPartialRevert(QuorumVerifier.MeasurementNotAllowed.selector);
        quorum.verify(DELTA, evidence);
    }

    function test_onlyAFreshAffirmingAppraisalOfHardwareRegisters() public {
        uint64 expiry = uint64(clock() + 1 days);
        refused(SEV, MEASUREMENT, 32, expiry, abi.encodeWithSelector(QuorumVerifier.TierNotAffirming.selector, 32));
        refused(SEV, MEASUREMENT, 0, expiry, abi.encodeWithSelector(QuorumVerifier.TierNotAffirming.selector, 0));
        refused(
            keccak256("software"),
            MEASUREMENT,
            2,
            expiry,
            abi.encodeWithSelector(QuorumVerifier.TechnologyRefused.selector, keccak256("software"))
        );
        refused(
            SEV,
            keccak256("unknown"),
            2,
            expiry,
            abi.encodeWithSelector(QuorumVerifier.MeasurementNotAllowed.selector, keccak256("unknown"))
        );
        refused(
            SEV,
            MEASUREMENT,
            2,
            uint64(clock()),
            abi.encodeWithSelector(QuorumVerifier.AppraisalExpired.selector, clock(), clock())
        );
        register(expiry);
        refused(
            SEV,
            MEASUREMENT,
            2,
            expiry,
            abi.encodeWithSelector(QuorumVerifier.AppraisalUsed.selector, keccak256("evidence"))
        );
    }

    function test_theQuorumIsCountedRight() public {
        bytes32 digest = keccak256("digest");
        quorum.requireQuorum(digest, both(digest, 0, 1));
        quorum.requireQuorum(digest, bytes.concat(both(digest, 0, 1), sign(keys[2], digest)));
        bytes memory one = sign(keys[0], digest);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.QuorumNotReached.selector, 1, 2));
        quorum.requireQuorum(digest, one);
        bytes memory twice = both(digest, 0, 0);
        vm.expectPartialRevert(IQuorum.SignersNotAscending.selector);
        quorum.requireQuorum(digest, twice);
        bytes memory backwards = both(digest, 1, 0);
        vm.expectPartialRevert(IQuorum.SignersNotAscending.selector);
        quorum.requireQuorum(digest, backwards);
        bytes memory foreign = bytes.concat(one, sign(0x77, digest));
        vm.expectRevert(abi.encodeWithSelector(IQuorum.NotAnOperator.selector, vm.addr(0x77)));
        quorum.requireQuorum(digest, foreign);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.SignaturesMalformed.selector, 64));
        quorum.requireQuorum(digest, new bytes(64));
        bytes memory other = both(keccak256("other"), 0, 1);
        vm.expectPartialRevert(IQuorum.NotAnOperator.selector);
        quorum.requireQuorum(digest, other);
    }

    function test_operatorsChangeByTheOwner() public {
        address[] memory next = new address[](1);
        next[0] = address(0x77);
        vm.expectRevert(abi.encodeWithSelector(QuorumVerifier.NotOwner.selector, address(this), owner));
        quorum.setOperators(next, 1);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(QuorumVerifier.ThresholdInvalid.selector, 2, 1));
        quorum.setOperators(next, 2);
        quorum.setOperators(next, 1);
        vm.stopPrank();
        isTrue(!quorum.isOperator(vm.addr(keys[0])), "the old ones are out");
        eq(quorum.operators()[0], address(0x77), "visible");
    }

    // ---- DCAP, own quotes

    function test_aQuoteBindsTheDelta() public {
        for (uint256 version = 3; version <= 5; ++version) {
            Statement.Binding memory b = binding(0);
            bytes memory quote = quoteOf(version, statement(DELTA, b));
            registerPlatform(quote);
            eq(dcap.verify(DELTA, abi.encode(b, quote)), Flags.TEE, "flag");
            vm.expectPartialRevert(DcapVerifier.ReportDataMismatch.selector);
            dcap.verify(keccak256("another delta"), abi.encode(b, quote));
            b.nonce ^= bytes32(uint256(1));
            vm.expectPartialRevert(DcapVerifier.ReportDataMismatch.selector);
            dcap.verify(DELTA, abi.encode(b, quote));
        }
    }

    function test_everyCheckOfAQuoteMatters() public {
        Statement.Binding memory b = binding(0);
        bytes32 s = statement(DELTA, b);
        bytes memory good = quoteOf(4, s);
        registerPlatform(good);
        dcap.verify(DELTA, abi.encode(b, good));
        // debug, SEPT_VE_DISABLE, module signer, module attributes
        checks(b, flip(good, 48 + 120, 0x01), Quotes.QuoteDebug.selector);
        checks(b, flip(good, 48 + 123, 0x10), Quotes.QuoteSeptVeEnabled.selector);
        checks(b, flip(good, 48 + 64, 0x01), Quotes.QuoteModule.selector);
        checks(b, flip(good, 48 + 119, 0x80), Quotes.QuoteModule.selector);
        // measurement: MRTD, RTMR0, RTMR3
        checks(b, flip(good, 48 + 136, 0x01), DcapVerifier.MeasurementNotAllowed.selector);
        checks(b, flip(good, 48 + 328, 0x01), DcapVerifier.MeasurementNotAllowed.selector);
        checks(b, flip(good, 48 + 519, 0x01), DcapVerifier.MeasurementNotAllowed.selector);
        // firmware level below the appraised one
        checks(b, flip(good, 48 + 2, 0x04), DcapVerifier.TcbMismatch.selector);
        // second half of the report data
        checks(b, flip(good, 48 + 552 + 31, 0x01), DcapVerifier.ReportDataMismatch.selector);
        // version, key type, TEE type
        checks(b, flip(good, 0, 0x02), Quotes.QuoteMalformed.selector);
        checks(b, flip(good, 2, 0x01), Quotes.QuoteMalformed.selector);
        checks(b, flip(good, 4, 0x01), Quotes.QuoteMalformed.selector);
        // A v5 TD 1.5 body that is bound to a service TD
        bytes memory td15 = quoteOf(5, s);
        registerPlatform(td15);
        checks(b, flip(td15, 54 + 600, 0x01), Quotes.QuoteModule.selector);
        checks(b, flip(td15, 48, 0x01), Quotes.QuoteMalformed.selector);
        // An SGX debug enclave
        bytes memory sgx = quoteOf(3, s);
        registerPlatform(sgx);
        checks(b, flip(sgx, 48 + 48, 0x02), Quotes.QuoteDebug.selector);
        checks(b, flip(sgx, 48, 0x01), DcapVerifier.TcbMismatch.selector);
    }

    function test_aBodyThatTheKeyDidNotSignIsRefused() public {
        Statement.Binding memory b = binding(0);
        bytes memory quote = quoteOf(4, statement(DELTA, b));
        registerPlatform(quote);
        // XFAM is in the signed body and in no policy check.
        quote[48 + 128] ^= 0x01;
        vm.expectPartialRevert(DcapVerifier.BadQuoteSignature.selector);
        dcap.verify(DELTA, abi.encode(b, quote));
    }

    function test_aKeyThatNobodyRegisteredProvesNothing() public {
        Statement.Binding memory b = binding(0);
        bytes memory quote = quoteOf(4, statement(DELTA, b));
        vm.expectPartialRevert(DcapVerifier.KeyUnknown.selector);
        dcap.verify(DELTA, abi.encode(b, quote));
        registerPlatform(quote);
        (Quotes.Quote memory q,) = dcap.inspect(quote);
        vm.expectPartialRevert(DcapVerifier.NotAllowed.selector);
        dcap.revokeKey(q.keyHash);
        uint256 state = vm.snapshotState();
        vm.prank(vm.addr(keys[0]));
        dcap.revokeKey(q.keyHash);
        vm.expectPartialRevert(DcapVerifier.KeyRevoked.selector);
        dcap.verify(DELTA, abi.encode(b, quote));
        vm.revertToState(state);
        vm.warp(clock() + 8 days);
        vm.expectPartialRevert(DcapVerifier.KeyExpired.selector);
        dcap.verify(DELTA, abi.encode(b, quote));
    }

    function testFuzz_aTruncatedQuoteIsMalformed(uint256 length) public {
        bytes memory quote = quoteOf(4, bytes32(0));
        length = bound(length, 0, quote.length - 1);
        bytes memory cut = new bytes(length);
        for (uint256 i; i < length; ++i) {
            cut[i] = quote[i];
        }
        vm.expectPartialRevert(Quotes.QuoteMalformed.selector);
        dcap.inspect(cut);
    }

    // ---- DCAP, real quotes

    function test_realQuotes() public {
        // forge refuses to look at a folder that does not exist, so whoever runs the tests says whether it does.
        if (!vm.envOr("BITDELTA_REAL_QUOTES", false)) {
            vm.skip(true);
        }
        Quotes.Quote memory q = real("sgx/quote-v3-processor-ca.bin", true);
        eq(bytes32(bytes13(q.reportData)), bytes32("Hello, world!"), "report data");
        isTrue(!q.debug, "not debug");
        q = real("sgx/quote-v3-platform-ca.bin", true);
        q = real("sgx/quote-v3-debug.bin", true);
        isTrue(q.debug, "debug");
        real("sgx/neg-body-bitflip.bin", false);
        q = real("tdx/quote-v4-b0c06f.bin", true);
        isTrue(!q.debug && q.septVeDisabled && q.plainModule, "plain TD");
        q = real("tdx/quote-v4-50806f-spr.bin", true);
        isTrue(!q.septVeDisabled, "SEPT_VE_DISABLE is 0");
        real("tdx/quote-v4-00806f05.bin", true);
        real("tdx/quote-v4-00a06d08.bin", true);
        q = real("tdx/quote-v5-90c06f.bin", true);
        isTrue(q.plainModule && q.septVeDisabled, "TD 1.5");
        real("tdx/quote-v5-90c06f-old.bin", true);
        bytes memory cut = vm.readFileBinary(string.concat(SHARED, "tdx/neg-truncated.bin"));
        vm.expectPartialRevert(Quotes.QuoteMalformed.selector);
        dcap.inspect(cut);
    }

    function real(string memory file, bool valid) private view returns (Quotes.Quote memory q) {
        bool signed;
        (q, signed) = dcap.inspect(vm.readFileBinary(string.concat(SHARED, file)));
        isTrue(signed == valid, file);
    }

    // ---- small things

    function checks(Statement.Binding memory b, bytes memory quote, bytes4 selector) private {
        bytes memory evidence = abi.encode(b, resigned(quote));
        vm.expectPartialRevert(selector);
        dcap.verify(DELTA, evidence);
    }

    function flip(bytes memory data, uint256 at_, bytes1 mask) private pure returns (bytes memory copy) {
        copy = bytes.concat(data);
        copy[at_] ^= mask;
    }

    /// @notice A quote of our own platform: v3 SGX, v4 TDX 1.0, v5 TDX 1.5.
    function quoteOf(uint256 version, bytes32 reportData) private pure returns (bytes memory) {
        bytes memory header = new bytes(48);
        header[0] = bytes1(uint8(version));
        header[2] = 0x02;
        header[4] = version == 3 ? bytes1(0x00) : bytes1(0x81);
        bytes memory body = new bytes(version == 3 ? 384 : version == 4 ? 584 : 648);
        for (uint256 i; i < 16; ++i) {
            body[i] = bytes1(uint8(4 + i % 2));
        }
        uint256 report = version == 3 ? 320 : 520;
        if (version != 3) {
            body[123] = 0x10;
            for (uint256 i; i < 48; ++i) {
                body[136 + i] = 0x77;
            }
        }
        for (uint256 i; i < 32; ++i) {
            body[report + i] = reportData[i];
        }
        bytes memory descriptor = version == 5 ? bytes(hex"030088020000") : bytes("");
        return resigned(bytes.concat(header, descriptor, body, hex"86000000", new bytes(134)));
    }

    function resigned(bytes memory quote) private pure returns (bytes memory) {
        uint256 end = quote.length - 138;
        bytes memory signedPart = new bytes(end);
        for (uint256 i; i < end; ++i) {
            signedPart[i] = quote[i];
        }
        (bytes32 r, bytes32 s) = vm.signP256(P256_KEY, sha256(signedPart));
        (uint256 x, uint256 y) = vm.publicKeyP256(P256_KEY);
        return bytes.concat(signedPart, hex"86000000", abi.encodePacked(r, s, x, y), new bytes(6));
    }

    function registerPlatform(bytes memory quote) private {
        (Quotes.Quote memory q, bool signed) = dcap.inspect(quote);
        isTrue(signed, "own quote");
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("PlatformKey(bytes32 keyHash,uint32 teeType,bytes16 tcb,bytes32 evidenceHash,uint64 expiry)"),
                q.keyHash,
                q.teeType,
                q.tcb,
                keccak256("evidence"),
                uint64(clock() + 30 days)
            )
        );
        bytes memory signatures = both(typed(dcap.domainSeparator(), hash), 0, 2);
        dcap.registerKey(q.keyHash, q.teeType, q.tcb, keccak256("evidence"), uint64(clock() + 30 days), signatures);
        vm.prank(owner);
        dcap.allowMeasurement(q.measurementHash, true);
    }

    function binding(bytes32 sessionKeyHash) private view returns (Statement.Binding memory) {
        return Statement.Binding(keccak256("nonce"), 0, sessionKeyHash, 0, uint64(clock() + 1 days));
    }

    /// @notice What `Statement.hash` computes, written out.
    function statement(bytes32 deltaId, Statement.Binding memory b) private view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("bitdelta.statement.v1"),
                block.chainid,
                address(this),
                deltaId,
                b.nonce,
                b.dpParamsHash,
                b.sessionKeyHash,
                b.gpuEvidenceHash,
                b.expiry
            )
        );
    }

    function sessionEvidence(uint256 key) private view returns (bytes memory) {
        Statement.Binding memory b = binding(keccak256(abi.encode(vm.addr(key))));
        return abi.encode(b, sign(key, statement(DELTA, b)));
    }

    function appraisal(bytes32 technology, bytes32 measurement, uint8 tier, uint64 expiry)
        private
        view
        returns (bytes32)
    {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256(
                    "Appraisal(address sessionKey,bytes32 technology,bytes32 measurementHash,uint8 tier,bytes32 evidenceHash,uint64 expiry)"
                ),
                vm.addr(SESSION_KEY),
                technology,
                measurement,
                tier,
                keccak256("evidence"),
                expiry
            )
        );
        return typed(quorum.domainSeparator(), hash);
    }

    function both(bytes32 digest, uint256 i, uint256 j) private view returns (bytes memory) {
        return bytes.concat(sign(keys[i], digest), sign(keys[j], digest));
    }

    function register(uint64 expiry) private {
        bytes memory signatures = both(appraisal(SEV, MEASUREMENT, 2, expiry), 0, 2);
        quorum.registerSessionKey(vm.addr(SESSION_KEY), SEV, MEASUREMENT, 2, keccak256("evidence"), expiry, signatures);
    }

    function refused(bytes32 technology, bytes32 measurement, uint8 tier, uint64 expiry, bytes memory reason) private {
        bytes memory signatures = both(appraisal(technology, measurement, tier, expiry), 0, 2);
        vm.expectRevert(reason);
        quorum.registerSessionKey(
            vm.addr(SESSION_KEY), technology, measurement, tier, keccak256("evidence"), expiry, signatures
        );
    }
}
