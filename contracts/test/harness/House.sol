// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BitDeltaRegistry } from "../../src/BitDeltaRegistry.sol";
import { BitDeltaRegistryProxy } from "../../src/BitDeltaRegistryProxy.sol";
import { BitDeltaRoyalties } from "../../src/BitDeltaRoyalties.sol";
import { DeltaSoups } from "../../src/DeltaSoups.sol";
import { IdentityRegistry } from "../../src/IdentityRegistry.sol";
import { Delta, Flags } from "../../src/types/Delta.sol";
import { Test } from "./Test.sol";

/// @notice The deployed house and the people in it. Their keys are small numbers: test chains only.
abstract contract House is Test {
    uint40 internal constant WINDOW = 72 hours;
    uint40 internal constant RESPONSE = 24 hours;
    uint40 internal constant LAG = 15 minutes;
    uint128 internal constant BOND = 10 ether;
    uint128 internal constant FLOOR = 1 gwei;
    uint40 internal constant ESCROW_DELAY = 7 days;
    uint16 internal constant ROYALTY_BPS = 500;

    bytes32 internal constant PUBLISH = "bitdelta.publish";
    bytes32 internal constant BASE = keccak256("base");

    uint256 internal constant ALICE_KEY = 0xA11CE;
    uint256 internal constant BOB_KEY = 0xB0B;
    uint256 internal constant CAROL_KEY = 0xCA501;

    address internal alice = vm.addr(ALICE_KEY);
    address internal bob = vm.addr(BOB_KEY);
    address internal carol = vm.addr(CAROL_KEY);
    address internal owner = address(0x0A11);
    address internal guardian = address(0x6A4D);
    address internal payer = address(0xFA1);

    IdentityRegistry internal identities;
    BitDeltaRegistry internal registry;
    DeltaSoups internal soups;
    BitDeltaRoyalties internal royalties;

    function deploy() internal {
        deploy(address(0));
    }

    function deploy(address quorum) internal {
        vm.warp(1_800_000_000);
        vm.fee(1 gwei);
        vm.txGasPrice(2 gwei);
        identities = new IdentityRegistry();
        registry = BitDeltaRegistry(
            address(
                new BitDeltaRegistryProxy(
                    address(new BitDeltaRegistry(address(identities))),
                    abi.encodeCall(BitDeltaRegistry.initialize, (owner, guardian))
                )
            )
        );
        soups = new DeltaSoups(
            address(registry),
            address(identities),
            quorum,
            WINDOW,
            RESPONSE,
            LAG,
            BOND,
            FLOOR,
            address(0),
            ROYALTY_BPS,
            ESCROW_DELAY
        );
        royalties = BitDeltaRoyalties(payable(soups.ROYALTIES()));
        vm.deal(payer, 1_000_000 ether);
        vm.deal(alice, 1000 ether);
        vm.deal(bob, 1000 ether);
        vm.deal(carol, 1000 ether);
    }

    function deltaOf(address identity, uint256 seed) internal pure returns (Delta memory) {
        return Delta({
            identity: identity,
            baseHash: BASE,
            deltaRoot: keccak256(abi.encode("root", seed)),
            manifestDigest: keccak256(abi.encode("manifest", seed)),
            receiptHash: 0,
            epsilonMilli: 0,
            flags: Flags.PUBLIC
        });
    }

    function deltaId(Delta memory delta) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Delta(address identity,bytes32 baseHash,bytes32 deltaRoot,bytes32 manifestDigest,bytes32 receiptHash,uint24 epsilonMilli,uint8 flags)"
                ),
                delta
            )
        );
    }

    function publishDigest(bytes32 id, bytes32 prev, uint256 deadline) internal view returns (bytes32) {
        return typed(
            registry.domainSeparator(),
            keccak256(
                abi.encode(keccak256("Publish(bytes32 deltaId,bytes32 prev,uint256 deadline)"), id, prev, deadline)
            )
        );
    }
}
