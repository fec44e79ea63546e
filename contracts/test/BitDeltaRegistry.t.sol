// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BitDeltaRegistry } from "../src/BitDeltaRegistry.sol";
import { DevelopmentVerifier } from "../src/DevelopmentVerifier.sol";
import { RegistryTimelock } from "../src/RegistryTimelock.sol";
import { IBitDeltaRegistry } from "../src/interfaces/IBitDeltaRegistry.sol";
import { Statement } from "../src/libraries/Statement.sol";
import { Delta, Flags, Record } from "../src/types/Delta.sol";
import { House } from "./harness/House.sol";
import { Wallet } from "./harness/Wallet.sol";

contract BitDeltaRegistryTest is House {
    uint256 private constant ANCHOR_KEY = 0xDE7;

    function setUp() public {
        deploy();
    }

    function test_publishRecordsOneSlotAndMovesTheHead() public {
        Delta memory d = deltaOf(alice, 1);
        bytes32 id = publishAs(alice, d, 0);
        eq(id, deltaId(d), "id");
        Record memory r = registry.record(id);
        eq(r.identity, alice, "identity");
        eq(r.publishedAt, clock(), "publishedAt");
        eq(r.revokedAt, 0, "not revoked");
        eq(r.flags, Flags.PUBLIC, "flags");
        eq(registry.head(alice, BASE), id, "head");
    }

    function test_theEventCarriesAllThatAStrangerNeeds() public {
        Delta memory d = deltaOf(alice, 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IBitDeltaRegistry.DeltaPublished(
            deltaId(d), alice, BASE, d.deltaRoot, d.manifestDigest, 0, 0, 0, Flags.PUBLIC, keccak256("bundle")
        );
        vm.prank(alice);
        registry.publish(d, 0, keccak256("bundle"), address(0), "");
    }

    function test_onceOnlyAndNeverBack() public {
        Delta memory d = deltaOf(alice, 1);
        bytes32 id = publishAs(alice, d, 0);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.AlreadyPublished.selector, id, clock(), 0));
        registry.publish(d, id, 0, address(0), "");
        vm.prank(alice);
        registry.revoke(id);
        vm.warp(clock() + 1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IBitDeltaRegistry.AlreadyPublished.selector, id, clock() - 1, clock() - 1)
        );
        registry.publish(d, id, 0, address(0), "");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.AlreadyRevoked.selector, id, clock() - 1));
        registry.revoke(id);
    }

    function test_onlyControllerOrLiveDelegatePublishes() public {
        Delta memory d = deltaOf(alice, 1);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotAuthorized.selector, alice, bob));
        registry.publish(d, 0, 0, address(0), "");
        vm.prank(alice);
        identities.addDelegate(alice, PUBLISH, bob, 10);
        bytes32 id = publishAs(bob, d, 0);
        vm.warp(clock() + 10);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotAuthorized.selector, alice, bob));
        registry.publish(deltaOf(alice, 2), id, 0, address(0), "");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotAuthorized.selector, alice, bob));
        registry.revoke(id);
        vm.prank(alice);
        identities.changeOwner(alice, address(0));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.IdentityDeactivated.selector, alice));
        registry.revoke(id);
    }

    function test_aStaleHeadIsRefused() public {
        bytes32 id = publishAs(alice, deltaOf(alice, 1), 0);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.StaleHead.selector, alice, BASE, bytes32(0), id));
        registry.publish(deltaOf(alice, 2), 0, 0, address(0), "");
        publishAs(alice, deltaOf(alice, 2), id);
        publishAs(bob, deltaOf(bob, 2), 0);
    }

    function test_callersSetOnlyTheirFlags() public {
        Delta memory d = deltaOf(alice, 1);
        d.flags = Flags.PUBLIC | Flags.TEE;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.FlagsNotAllowed.selector, d.flags, Flags.CALLER));
        registry.publish(d, 0, 0, address(0), "");
    }

    function test_requiredFields() public {
        Delta memory d = deltaOf(alice, 1);
        d.manifestDigest = 0;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.ZeroField.selector, bytes32("manifestDigest")));
        registry.publish(d, 0, 0, address(0), "");
    }

    function test_publishManyIsAllOrNone() public {
        (Delta[] memory ds, bytes32[] memory prevs, bytes32[] memory digests) = batch(alice, 5);
        uint256 state = vm.snapshotState();
        vm.prank(alice);
        bytes32[] memory ids = registry.publishMany(ds, prevs, digests);
        eq(registry.head(alice, BASE), ids[4], "last is head");
        vm.revertToState(state);
        prevs[3] = 0;
        vm.prank(alice);
        vm.expectPartialRevert(IBitDeltaRegistry.StaleHead.selector);
        registry.publishMany(ds, prevs, digests);
        eq(registry.record(ids[0]).publishedAt, 0, "none");
        ds[4].identity = bob;
        vm.prank(alice);
        vm.expectPartialRevert(IBitDeltaRegistry.StaleHead.selector);
        registry.publishMany(ds, prevs, digests);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.LengthMismatch.selector, 5, 4));
        registry.publishMany(ds, new bytes32[](4), digests);
    }

    function test_publishManyChecksEveryIdentity() public {
        (Delta[] memory ds, bytes32[] memory prevs, bytes32[] memory digests) = batch(alice, 2);
        ds[1] = deltaOf(bob, 9);
        prevs[1] = 0;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotAuthorized.selector, bob, alice));
        registry.publishMany(ds, prevs, digests);
        vm.prank(bob);
        identities.addDelegate(bob, PUBLISH, alice, 10);
        vm.prank(alice);
        registry.publishMany(ds, prevs, digests);
    }

    function test_aSignatureOfControllerOrDelegatePublishes() public {
        Delta memory d = deltaOf(alice, 1);
        uint256 deadline = clock() + 5;
        bytes memory signature = sign(ALICE_KEY, publishDigest(deltaId(d), 0, deadline));
        uint256 state = vm.snapshotState();
        vm.prank(carol);
        registry.publishBySig(d, 0, 0, address(0), "", deadline, signature);
        vm.revertToState(state);

        bytes memory delegated = sign(BOB_KEY, publishDigest(deltaId(d), 0, deadline));
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.InvalidSignature.selector, alice, alice, bob));
        registry.publishBySig(d, 0, 0, address(0), "", deadline, delegated);
        vm.prank(alice);
        identities.addDelegate(alice, PUBLISH, bob, 10);
        registry.publishBySig(d, 0, 0, address(0), "", deadline, delegated);
        vm.revertToState(state);

        vm.chainId(1);
        vm.expectPartialRevert(IBitDeltaRegistry.InvalidSignature.selector);
        registry.publishBySig(d, 0, 0, address(0), "", deadline, signature);
        vm.chainId(31_337);
        vm.expectPartialRevert(IBitDeltaRegistry.InvalidSignature.selector);
        registry.publishBySig(d, bytes32(uint256(1)), 0, address(0), "", deadline, signature);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.SignatureExpired.selector, deadline, deadline + 1));
        registry.publishBySig(d, 0, 0, address(0), "", deadline, signature);
    }

    function testFuzz_noFlippedBitOfASignatureOrDeltaIsAccepted(uint256 bit, uint256 fieldBit) public {
        Delta memory d = deltaOf(alice, 1);
        uint256 deadline = clock();
        bytes memory signature = sign(ALICE_KEY, publishDigest(deltaId(d), 0, deadline));
        if (fieldBit % 2 == 0) {
            bit = bound(bit, 0, 65 * 8 - 1);
            signature[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        } else {
            d.deltaRoot ^= bytes32(uint256(1) << (fieldBit % 256));
        }
        vm.expectPartialRevert(IBitDeltaRegistry.InvalidSignature.selector);
        registry.publishBySig(d, 0, 0, address(0), "", deadline, signature);
    }

    function test_aContractControllerPublishesByErc1271() public {
        Wallet wallet = new Wallet(bob);
        vm.prank(alice);
        identities.changeOwner(alice, address(wallet));
        Delta memory d = deltaOf(alice, 1);
        registry.publishBySig(d, 0, 0, address(0), "", clock(), sign(BOB_KEY, publishDigest(deltaId(d), 0, clock())));
        eq(registry.record(deltaId(d)).identity, alice, "published");
    }

    function test_revokeBySignature() public {
        bytes32 id = publishAs(alice, deltaOf(alice, 1), 0);
        bytes32 hash = keccak256(abi.encode(keccak256("Revoke(bytes32 deltaId,uint256 deadline)"), id, clock()));
        bytes memory wrong = sign(BOB_KEY, typed(registry.domainSeparator(), hash));
        vm.expectPartialRevert(IBitDeltaRegistry.InvalidSignature.selector);
        registry.revokeBySig(id, clock(), wrong);
        registry.revokeBySig(id, clock(), sign(ALICE_KEY, typed(registry.domainSeparator(), hash)));
        eq(registry.record(id).revokedAt, clock(), "revoked");
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotPublished.selector, bytes32(uint256(1))));
        registry.revoke(bytes32(uint256(1)));
    }

    function test_epsilonComposesUpToTheCap() public {
        Delta memory d = deltaOf(alice, 1);
        d.epsilonMilli = 400;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.EpsilonWithoutClaim.selector, uint24(400)));
        registry.publish(d, 0, 0, address(0), "");
        d.flags |= Flags.DP;
        bytes32 id = publishAs(alice, d, 0);
        vm.prank(alice);
        registry.revoke(id);
        (uint64 spent, uint64 cap) = registry.budget(alice);
        eq(spent, 400, "a revocation gives nothing back");
        eq(cap, type(uint64).max, "no cap");
        vm.prank(alice);
        registry.lowerCap(alice, 799);
        Delta memory e = deltaOf(alice, 2);
        e.epsilonMilli = 400;
        e.flags |= Flags.DP;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.BudgetExceeded.selector, alice, 400, uint24(400), 799));
        registry.publish(e, id, 0, address(0), "");
        e.epsilonMilli = 399;
        publishAs(alice, e, id);
    }

    function test_aCapOnlyFalls() public {
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotAuthorized.selector, alice, bob));
        registry.lowerCap(alice, 10);
        vm.startPrank(alice);
        registry.lowerCap(alice, 10);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.CapNotLower.selector, alice, 10, 10));
        registry.lowerCap(alice, 10);
        registry.lowerCap(alice, 0);
        vm.stopPrank();
    }

    function test_developmentEvidenceIsVisiblyThat() public {
        DevelopmentVerifier verifier = new DevelopmentVerifier(vm.addr(ANCHOR_KEY));
        Delta memory d = deltaOf(alice, 1);
        bytes memory evidence = development(address(registry), deltaId(d), ANCHOR_KEY);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.VerifierNotTrusted.selector, address(verifier)));
        registry.publish(d, 0, 0, address(verifier), evidence);
        vm.prank(owner);
        registry.trust(address(verifier), Flags.TEE);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBitDeltaRegistry.EvidenceFlagNotAllowed.selector, address(verifier), Flags.DEVELOPMENT, Flags.TEE
            )
        );
        registry.publish(d, 0, 0, address(verifier), evidence);
        vm.prank(owner);
        registry.trust(address(verifier), Flags.DEVELOPMENT);
        vm.prank(alice);
        bytes32 id = registry.publish(d, 0, keccak256("bundle"), address(verifier), evidence);
        eq(registry.record(id).flags, Flags.PUBLIC | Flags.DEVELOPMENT, "flags");
    }

    function test_evidenceThatARelayLeftOutCanBeAddedOnce() public {
        DevelopmentVerifier verifier = new DevelopmentVerifier(vm.addr(ANCHOR_KEY));
        vm.prank(owner);
        registry.trust(address(verifier), Flags.DEVELOPMENT);
        bytes32 id = publishAs(alice, deltaOf(alice, 1), 0);
        bytes memory evidence = development(address(registry), id, ANCHOR_KEY);
        bytes32 other = publishAs(bob, deltaOf(bob, 1), 0);
        vm.expectPartialRevert(DevelopmentVerifier.NotTheAnchor.selector);
        registry.recordEvidence(other, 0, address(verifier), evidence);
        registry.recordEvidence(id, 0, address(verifier), evidence);
        eq(registry.record(id).flags, Flags.PUBLIC | Flags.DEVELOPMENT, "flags");
        vm.expectRevert(
            abi.encodeWithSelector(IBitDeltaRegistry.EvidenceAlreadyRecorded.selector, id, Flags.DEVELOPMENT)
        );
        registry.recordEvidence(id, 0, address(verifier), evidence);
    }

    function test_evidenceWithoutAVerifierIsRefused() public {
        vm.prank(alice);
        vm.expectRevert(IBitDeltaRegistry.EvidenceWithoutVerifier.selector);
        registry.publish(deltaOf(alice, 1), 0, 0, address(0), "x");
    }

    function test_aPauseEndsByItselfAndIsFollowedByAGap() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotGuardian.selector, alice, guardian));
        registry.pause();
        bytes32 old = publishAs(alice, deltaOf(alice, 1), 0);
        vm.prank(guardian);
        registry.pause();
        uint256 until = clock() + 7 days;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.Paused.selector, until));
        registry.publish(deltaOf(alice, 2), old, 0, address(0), "");
        vm.prank(alice);
        registry.revoke(old);
        vm.warp(until);
        publishAs(alice, deltaOf(alice, 2), old);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.PauseTooSoon.selector, until + 7 days));
        registry.pause();
        vm.warp(until + 7 days);
        vm.prank(guardian);
        registry.pause();
        vm.prank(owner);
        registry.unpause();
        publishAs(alice, deltaOf(alice, 3), registry.head(alice, BASE));
    }

    function test_anUpgradeWaits72Hours() public {
        address[] memory one = new address[](1);
        one[0] = address(this);
        RegistryTimelock timelock = new RegistryTimelock(72 hours, one, one);
        vm.prank(owner);
        registry.transferOwnership(address(timelock));
        address next = address(new BitDeltaRegistry(address(identities)));
        bytes memory call = abi.encodeWithSignature("upgradeToAndCall(address,bytes)", next, "");
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRegistry.NotOwner.selector, owner, address(timelock)));
        registry.upgradeToAndCall(next, "");
        bytes32 id = publishAs(alice, deltaOf(alice, 1), 0);
        timelock.schedule(address(registry), 0, call, 0, 0, 72 hours);
        vm.warp(clock() + 72 hours - 1);
        vm.expectRevert();
        timelock.execute(address(registry), 0, call, 0, 0);
        vm.warp(clock() + 1);
        timelock.execute(address(registry), 0, call, 0, 0);
        bytes32 slot = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
        eq(vm.load(address(registry), slot), bytes32(uint256(uint160(next))), "upgraded");
        eq(registry.head(alice, BASE), id, "state kept");
    }

    function test_theImplementationCannotBeInitialized() public {
        BitDeltaRegistry implementation = new BitDeltaRegistry(address(identities));
        vm.expectRevert();
        implementation.initialize(alice, alice);
        vm.expectRevert();
        registry.initialize(alice, alice);
    }

    function test_theNamespaceIsErc7201() public view {
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("bitdelta.registry")) - 1)) & ~bytes32(uint256(0xff));
        // The owner stands in the fifth word of the namespace.
        eq(
            vm.load(address(registry), bytes32(uint256(slot) + 4)) & bytes32(uint256(type(uint160).max)),
            bytes32(uint256(uint160(owner))),
            "owner"
        );
    }

    function test_batchViews() public {
        bytes32 id = publishAs(alice, deltaOf(alice, 1), 0);
        bytes32[] memory ids = new bytes32[](2);
        ids[0] = id;
        Record[] memory list = registry.records(ids);
        eq(list[0].identity, alice, "known");
        eq(list[1].publishedAt, 0, "unknown");
        address[] memory who = new address[](1);
        who[0] = alice;
        bytes32[] memory bases = new bytes32[](1);
        bases[0] = BASE;
        eq(registry.heads(who, bases)[0], id, "heads");
        isTrue(registry.supportsInterface(type(IBitDeltaRegistry).interfaceId), "ERC-165");
        isTrue(!registry.supportsInterface(0xffffffff), "ERC-165, unknown");
    }

    function test_baseClaimsAreAnybodys() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit IBitDeltaRegistry.BaseClaimed(BASE, bob, "tiny", "bafy");
        vm.prank(bob);
        registry.claimBase(BASE, "tiny", "bafy");
    }

    function publishAs(address actor, Delta memory d, bytes32 prev) private returns (bytes32) {
        vm.prank(actor);
        return registry.publish(d, prev, 0, address(0), "");
    }

    function batch(address identity, uint256 n)
        private
        pure
        returns (Delta[] memory ds, bytes32[] memory prevs, bytes32[] memory digests)
    {
        ds = new Delta[](n);
        prevs = new bytes32[](n);
        digests = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            ds[i] = deltaOf(identity, 100 + i);
            prevs[i] = i == 0 ? bytes32(0) : deltaId(ds[i - 1]);
        }
    }

    function development(address registry_, bytes32 id, uint256 key) private view returns (bytes memory) {
        Statement.Binding memory binding = Statement.Binding(keccak256("nonce"), 0, 0, 0, uint64(clock() + 100));
        bytes32 statement = Statement.hash(registry_, id, binding);
        return abi.encode(binding, sign(key, statement));
    }
}
