// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IdentityRegistry } from "../src/IdentityRegistry.sol";
import { Authority } from "../src/libraries/Authority.sol";
import { Commitment } from "../src/libraries/Commitment.sol";
import { Tags } from "../src/libraries/Tags.sol";
import { Test } from "./harness/Test.sol";

/// @notice The hand-made calls and hashes beside what the compiler makes of the plain ones.
contract AuthorityTest is Test {
    IdentityRegistry private registry = new IdentityRegistry();

    function testFuzz_theAnswersAreThoseOfThePlainCalls(
        address identity,
        address owner,
        address actor,
        bytes32 delegateType,
        uint8 history,
        bytes32 dirt
    ) public {
        vm.assume(identity != address(0) && actor != address(0));
        if (history & 1 != 0) {
            vm.prank(identity);
            registry.addDelegate(identity, delegateType, actor, 1 days);
        }
        if (history & 2 != 0) {
            vm.prank(identity);
            registry.changeOwner(identity, history & 4 != 0 ? address(0) : owner);
        }
        if (history & 8 != 0) {
            vm.warp(clock() + 1 days);
        }
        assembly {
            // What lies in scratch space and past the free pointer must not matter.
            mstore(0, dirt)
            mstore(32, dirt)
            mstore(mload(0x40), dirt)
            mstore(add(mload(0x40), 96), dirt)
        }
        eq(Authority.controllerOf(address(registry), identity), registry.identityOwner(identity), "controller");
        (address controller, bool allowed) = Authority.rightsOf(address(registry), identity, delegateType, actor);
        (address controller_, bool allowed_) = registry.authority(identity, delegateType, actor);
        eq(controller, controller_, "controller with rights");
        isTrue(allowed == allowed_, "rights");
    }

    function testFuzz_nothingButARegistryIsBelieved(address identity, uint8 length) public {
        // No code, code that answers too little, code that reverts.
        address none = address(0xDEAD);
        vm.expectRevert(abi.encodeWithSelector(Authority.IdentitiesUnreachable.selector, none));
        this.controllerOf(none, identity);
        Mute mute = new Mute(length % 32, length & 1 == 0);
        vm.expectRevert(abi.encodeWithSelector(Authority.IdentitiesUnreachable.selector, address(mute)));
        this.controllerOf(address(mute), identity);
        mute = new Mute(length % 64, length & 1 == 0);
        vm.expectRevert(abi.encodeWithSelector(Authority.IdentitiesUnreachable.selector, address(mute)));
        this.rightsOf(address(mute), identity);
    }

    function testFuzz_aWeightLeafIsTheHashOfItsEncoding(
        uint256 index,
        uint256 kind,
        bytes32 who,
        uint256 start,
        uint256 end
    ) public pure {
        eq(
            Commitment.weightLeaf(index, kind, who, start, end),
            keccak256(abi.encode(Tags.WEIGHT, index, kind, who, start, end)),
            "leaf"
        );
    }

    function controllerOf(address at_, address identity) external view returns (address) {
        return Authority.controllerOf(at_, identity);
    }

    function rightsOf(address at_, address identity) external view returns (address controller, bool allowed) {
        return Authority.rightsOf(at_, identity, "x", identity);
    }
}

/// @notice Answers any call with some zero bytes, or reverts with them.
contract Mute {
    uint256 private immutable LENGTH;
    bool private immutable FAILS;

    constructor(uint256 length, bool fails) {
        LENGTH = length;
        FAILS = fails;
    }

    fallback() external {
        uint256 length = LENGTH;
        if (FAILS) {
            assembly {
                revert(0, 64)
            }
        }
        assembly {
            return(0, length)
        }
    }
}
