"""What is billed: fees, claims, superbill, exports."""
