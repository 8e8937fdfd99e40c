// Reads CBOR (RFC 8949) as far as authenticators use it: integers, bytes, text, arrays and maps of a known length.
export function decodeCbor(bytes) {
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) throw new SyntaxError("CBOR ends too early");
    return bytes.subarray(at, (at += count));
  };
  const length = (info) => {
    if (info < 24) return info;
    if (info > 27) throw new SyntaxError(`CBOR length ${info} is not supported`);
    return Number(`0x${take(2 ** (info - 24)).toString("hex")}`);
  };
  const item = () => {
    const [first] = take(1);
    const count = length(first & 31);
    switch (first >> 5) {
      case 0:
        return count;
      case 1:
        return -1 - count;
      case 2:
        return take(count);
      case 3:
        return take(count).toString();
      case 4:
        return Array.from({ length: count }, item);
      case 5:
        return new Map(Array.from({ length: count }, () => [item(), item()]));
      default:
        throw new SyntaxError(`CBOR type ${first >> 5} is not supported`);
    }
  };
  return item();
}
