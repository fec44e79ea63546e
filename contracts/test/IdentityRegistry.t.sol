// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IdentityRegistry } from "../src/IdentityRegistry.sol";
import { IIdentityRegistry } from "../src/interfaces/IIdentityRegistry.sol";
import { Test } from "./harness/Test.sol";
import { Wallet } from "./harness/Wallet.sol";

contract IdentityRegistryTest is Test {
    uint256 private constant KEY = 0xA11CE;
    uint256 private constant OTHER_KEY = 0xB0B;
    bytes32 private constant TYPE = "bitdelta.publish";

    IdentityRegistry private registry = new IdentityRegistry();
    address private alice = vm.addr(KEY);
    address private bob = vm.addr(OTHER_KEY);

    function setUp() public {
        vm.warp(1_800_000_000);
    }

    function test_everyAddressControlsItself() public view {
        eq(registry.identityOwner(alice), alice, "self");
        eq(registry.controllerAt(alice, uint48(clock())), alice, "self in the past");
        eq(registry.changed(alice), 0, "no history");
    }

    function test_rotation() public {
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.NotController.selector, alice, bob, alice));
        registry.changeOwner(alice, bob);
        vm.prank(alice);
        registry.changeOwner(alice, bob);
        eq(registry.identityOwner(alice), bob, "bob controls alice");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.NotController.selector, alice, alice, bob));
        registry.changeOwner(alice, alice);
        vm.prank(bob);
        registry.changeOwner(alice, alice);
        eq(registry.identityOwner(alice), alice, "back");
    }

    function test_thePastStaysAnswerable() public {
        vm.prank(alice);
        registry.changeOwner(alice, bob);
        vm.warp(clock() + 100);
        vm.prank(bob);
        registry.changeOwner(alice, address(0xCAFE));
        vm.warp(clock() + 100);
        uint48 now_ = uint48(clock());
        eq(registry.controllerAt(alice, now_ - 201), alice, "before all");
        eq(registry.controllerAt(alice, now_ - 200), bob, "from the second of the first rotation");
        eq(registry.controllerAt(alice, now_ - 101), bob, "until the second");
        eq(registry.controllerAt(alice, now_ - 100), address(0xCAFE), "then the next");
    }

    function test_deactivationIsForEver() public {
        vm.prank(alice);
        registry.changeOwner(alice, address(0));
        eq(registry.identityOwner(alice), address(0), "nobody");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.Deactivated.selector, alice));
        registry.changeOwner(alice, alice);
        bytes memory signature = changeOwner(KEY, alice, 0, clock());
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.Deactivated.selector, alice));
        registry.changeOwnerBySig(alice, alice, clock(), signature);
    }

    function test_aDelegateExpires() public {
        vm.prank(alice);
        registry.addDelegate(alice, TYPE, bob, 100);
        isTrue(registry.validDelegate(alice, TYPE, bob), "live");
        (, bool allowed) = registry.authority(alice, TYPE, bob);
        isTrue(allowed, "may act");
        isTrue(!registry.validDelegate(alice, "other", bob), "other type");
        vm.warp(clock() + 100);
        isTrue(!registry.validDelegate(alice, TYPE, bob), "expired");
    }

    function test_aDelegateNeverRotates() public {
        vm.prank(alice);
        registry.addDelegate(alice, TYPE, bob, 100);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.NotController.selector, alice, bob, alice));
        registry.changeOwner(alice, bob);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.NotController.selector, alice, bob, alice));
        registry.addDelegate(alice, TYPE, address(7), 100);
    }

    function test_aRevokedDelegateAndOneOfADeactivatedIdentityAreNone() public {
        vm.startPrank(alice);
        registry.addDelegate(alice, TYPE, bob, 100);
        registry.revokeDelegate(alice, TYPE, bob);
        isTrue(!registry.validDelegate(alice, TYPE, bob), "revoked");
        registry.addDelegate(alice, TYPE, bob, 100);
        registry.changeOwner(alice, address(0));
        vm.stopPrank();
        isTrue(!registry.validDelegate(alice, TYPE, bob), "deactivated");
        (, bool allowed) = registry.authority(alice, TYPE, bob);
        isTrue(!allowed, "may not act");
    }

    function test_attributesAndTheLinkedHistory() public {
        vm.roll(10);
        vm.prank(alice);
        registry.setAttribute(alice, "did/svc/BitDelta", "https", 100);
        eq(registry.changed(alice), 10, "first");
        vm.roll(20);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IIdentityRegistry.DIDAttributeChanged(alice, "did/svc/BitDelta", "https", 0, 10);
        vm.prank(alice);
        registry.revokeAttribute(alice, "did/svc/BitDelta", "https");
    }

    function test_validityHasAnEnd() public {
        vm.prank(alice);
        vm.expectPartialRevert(IIdentityRegistry.ValidityTooLong.selector);
        registry.addDelegate(alice, TYPE, bob, type(uint256).max);
        vm.prank(alice);
        vm.expectRevert(IIdentityRegistry.ZeroDelegate.selector);
        registry.addDelegate(alice, TYPE, address(0), 1);
    }

    function test_aSignatureWorksOnceHereAndNow() public {
        uint256 deadline = clock() + 10;
        bytes memory signature = changeOwner(KEY, bob, 0, deadline);
        uint256 state = vm.snapshotState();
        registry.changeOwnerBySig(alice, bob, deadline, signature);
        eq(registry.identityOwner(alice), bob, "rotated by signature");
        eq(registry.nonces(alice), 1, "nonce");
        vm.expectPartialRevert(IIdentityRegistry.InvalidSignature.selector);
        registry.changeOwnerBySig(alice, bob, deadline, signature);

        vm.revertToState(state);
        vm.prank(alice);
        registry.cancelSignatures(alice);
        vm.expectPartialRevert(IIdentityRegistry.InvalidSignature.selector);
        registry.changeOwnerBySig(alice, bob, deadline, signature);

        vm.revertToState(state);
        vm.chainId(1);
        vm.expectPartialRevert(IIdentityRegistry.InvalidSignature.selector);
        registry.changeOwnerBySig(alice, bob, deadline, signature);
        vm.chainId(31_337);

        IdentityRegistry other = new IdentityRegistry();
        vm.expectPartialRevert(IIdentityRegistry.InvalidSignature.selector);
        other.changeOwnerBySig(alice, bob, deadline, signature);

        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.SignatureExpired.selector, deadline, deadline + 1));
        registry.changeOwnerBySig(alice, bob, deadline, signature);
    }

    function testFuzz_noFlippedBitOfASignatureIsAccepted(uint256 bit) public {
        uint256 deadline = clock() + 10;
        bytes memory signature = changeOwner(KEY, bob, 0, deadline);
        bit = bound(bit, 0, 65 * 8 - 1);
        signature[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        vm.expectPartialRevert(IIdentityRegistry.InvalidSignature.selector);
        registry.changeOwnerBySig(alice, bob, deadline, signature);
    }

    function test_aContractControllerSignsByErc1271() public {
        Wallet wallet = new Wallet(bob);
        vm.prank(alice);
        registry.changeOwner(alice, address(wallet));
        uint256 deadline = clock();
        bytes memory signature = changeOwner(OTHER_KEY, bob, 0, deadline);
        wallet.setOpen(false);
        vm.expectPartialRevert(IIdentityRegistry.InvalidSignature.selector);
        registry.changeOwnerBySig(alice, bob, deadline, signature);
        wallet.setOpen(true);
        registry.changeOwnerBySig(alice, bob, deadline, signature);
        eq(registry.identityOwner(alice), bob, "accepted by the wallet");
    }

    function test_delegatesAndAttributesBySignature() public {
        uint256 deadline = clock();
        bytes32 hash = keccak256(
            abi.encode(
                keccak256(
                    "AddDelegate(address identity,bytes32 delegateType,address delegate,uint256 validity,uint256 nonce,uint256 deadline)"
                ),
                alice,
                TYPE,
                bob,
                uint256(50),
                uint256(0),
                deadline
            )
        );
        registry.addDelegateBySig(alice, TYPE, bob, 50, deadline, sign(KEY, typed(registry.domainSeparator(), hash)));
        isTrue(registry.validDelegate(alice, TYPE, bob), "added");
        hash = keccak256(
            abi.encode(
                keccak256(
                    "RevokeDelegate(address identity,bytes32 delegateType,address delegate,uint256 nonce,uint256 deadline)"
                ),
                alice,
                TYPE,
                bob,
                uint256(1),
                deadline
            )
        );
        registry.revokeDelegateBySig(alice, TYPE, bob, deadline, sign(KEY, typed(registry.domainSeparator(), hash)));
        isTrue(!registry.validDelegate(alice, TYPE, bob), "revoked");
        hash = keccak256(
            abi.encode(
                keccak256(
                    "SetAttribute(address identity,bytes32 name,bytes value,uint256 validity,uint256 nonce,uint256 deadline)"
                ),
                alice,
                bytes32("name"),
                keccak256("value"),
                uint256(5),
                uint256(2),
                deadline
            )
        );
        registry.setAttributeBySig(
            alice, "name", "value", 5, deadline, sign(KEY, typed(registry.domainSeparator(), hash))
        );
        hash = keccak256(
            abi.encode(
                keccak256("RevokeAttribute(address identity,bytes32 name,bytes value,uint256 nonce,uint256 deadline)"),
                alice,
                bytes32("name"),
                keccak256("value"),
                uint256(3),
                deadline
            )
        );
        registry.revokeAttributeBySig(
            alice, "name", "value", deadline, sign(KEY, typed(registry.domainSeparator(), hash))
        );
        eq(registry.nonces(alice), 4, "each used a nonce");
    }

    function test_oneNameInLowerCase() public view {
        eq(
            keccak256(bytes(registry.did(0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD))),
            keccak256("did:lux:31337:0xabcdefabcdefabcdefabcdefabcdefabcdefabcd"),
            "did"
        );
    }

    function changeOwner(uint256 key, address newOwner, uint256 nonce, uint256 deadline)
        private
        view
        returns (bytes memory)
    {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)"),
                alice,
                newOwner,
                nonce,
                deadline
            )
        );
        return sign(key, typed(registry.domainSeparator(), hash));
    }
}
