import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** One proto file of an image: its descriptor, and the very bytes that describe it. */
export interface DescriptorFile {
  readonly descriptor: FileDescriptorProto;
  readonly bytes: Buffer;
}

/** The image that `npm run generate` builds of this service's protos and all they import. */
export function readDescriptorImage(): Uint8Array {
  return readFileSync(new URL("../../gen/descriptors.binpb", import.meta.url));
}

const FILE_FIELD = 1;

/**
 * The files of a serialised `google.protobuf.FileDescriptorSet`. The set is taken apart by hand:
 * decoding it and encoding each file again could change bytes that clients compare.
 */
export function descriptorFiles(image: Uint8Array): DescriptorFile[] {
  const files: DescriptorFile[] = [];
  const reader = new BinaryReader(image);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === FILE_FIELD && wireType === WireType.LengthDelimited) {
      const bytes = Buffer.from(reader.bytes());
      files.push({ descriptor: fromBinary(FileDescriptorProtoSchema, bytes), bytes });
    } else {
      reader.skip(wireType, field);
    }
  }
  return files;
}
