// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRoyalties } from "../../src/interfaces/IBitDeltaRoyalties.sol";
import { Tags } from "../../src/libraries/Tags.sol";
import { House } from "./House.sol";
import { Tree } from "./Trees.sol";

/// @notice Final soups with any table of payees, opened as the soups contract would.
abstract contract Stall is House {
    struct Payment {
        uint256 kind;
        bytes32 who;
        uint256 start;
        uint256 end;
    }

    struct Table {
        bytes32 soupId;
        Payment[] payments;
        bytes32[] leaves;
    }

    bytes32[] internal noProof;
    uint256 private opened;

    function person(uint256 i) internal pure returns (address) {
        return address(uint160(0x1000 + i));
    }

    function shares(uint256 a, uint256 b, uint256 c) internal view returns (Payment[] memory list) {
        list = new Payment[](3);
        list[0] = Payment(0, bytes32(uint256(uint160(alice))), 0, a);
        list[1] = Payment(0, bytes32(uint256(uint160(bob))), a, a + b);
        list[2] = Payment(0, bytes32(uint256(uint160(carol))), a + b, a + b + c);
    }

    function uniform(uint256 n) internal pure returns (Payment[] memory list) {
        list = new Payment[](n);
        for (uint256 i; i < n; ++i) {
            list[i] = Payment(0, bytes32(uint256(uint160(person(i)))), i * 1e9 / n, (i + 1) * 1e9 / n);
        }
    }

    function open(Payment[] memory payments) internal returns (Table memory t) {
        t.payments = payments;
        t.leaves = new bytes32[](payments.length);
        for (uint256 i; i < payments.length; ++i) {
            Payment memory p = payments[i];
            t.leaves[i] = keccak256(abi.encode(Tags.WEIGHT, i, p.kind, p.who, p.start, p.end));
        }
        t.soupId = keccak256(abi.encode("soup", ++opened));
        vm.prank(address(soups));
        royalties.openSoup(t.soupId, Tree.root(t.leaves));
    }

    function proofOf(Table memory t, uint256 i) internal pure returns (bytes32[] memory) {
        return Tree.proof(t.leaves, i);
    }

    function claim(Table memory t, address token, uint256 i) internal returns (uint256) {
        Payment memory p = t.payments[i];
        return royalties.claim(
            t.soupId, token, i, address(uint160(uint256(p.who))), p.start, p.end, Tree.proof(t.leaves, i)
        );
    }

    /// @notice Arguments of `claimMany` for payee `i` of each table.
    function many(Table[] memory tables, uint256 i)
        internal
        pure
        returns (bytes32[] memory ids, uint256[] memory places, bytes32[] memory proofs)
    {
        ids = new bytes32[](tables.length);
        places = new uint256[](4 * tables.length);
        uint256 total;
        for (uint256 k; k < tables.length; ++k) {
            total += Tree.depth(tables[k].leaves.length);
        }
        proofs = new bytes32[](total);
        uint256 next;
        for (uint256 k; k < tables.length; ++k) {
            ids[k] = tables[k].soupId;
            bytes32[] memory proof = Tree.proof(tables[k].leaves, i);
            places[4 * k] = i;
            places[4 * k + 1] = tables[k].payments[i].start;
            places[4 * k + 2] = tables[k].payments[i].end;
            places[4 * k + 3] = proof.length;
            for (uint256 j; j < proof.length; ++j) {
                proofs[next++] = proof[j];
            }
        }
    }

    function voucherSignature(uint256 key, IBitDeltaRoyalties.Voucher memory voucher)
        internal
        view
        returns (bytes memory)
    {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Voucher(bytes32 soupId,address token,address payer,uint128 cumulative,uint64 expiry)"),
                voucher
            )
        );
        return sign(key, typed(royalties.domainSeparator(), hash));
    }
}
