import { status } from "@grpc/grpc-js";
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../../gen/grpc/reflection/v1/reflection.js";
import type { DescriptorClosure, DescriptorIndex } from "./descriptor-index.js";

type Asked = ServerReflectionRequest["messageRequest"];
type Answer = NonNullable<ServerReflectionResponse["messageResponse"]>;

/** Answers one reflection request; what is unknown or empty gets an error in the answer. */
export function answerReflection(
  index: DescriptorIndex,
  services: readonly string[],
  request: ServerReflectionRequest,
): ServerReflectionResponse {
  return {
    validHost: request.host,
    originalRequest: request,
    messageResponse: answer(index, services, request.messageRequest),
  };
}

function answer(index: DescriptorIndex, services: readonly string[], asked: Asked): Answer {
  switch (asked?.$case) {
    case "listServices":
      return {
        $case: "listServicesResponse",
        value: { service: services.map((name) => ({ name })) },
      };
    case "fileByFilename":
      return files(index.byFilename(asked.value), `file ${asked.value}`);
    case "fileContainingSymbol":
      return files(index.bySymbol(asked.value), `symbol ${asked.value}`);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      return files(
        index.byExtension(containingType, extensionNumber),
        `extension ${extensionNumber} of ${containingType}`,
      );
    }
    case "allExtensionNumbersOfType": {
      const extensionNumber = index.extensionNumbers(asked.value);
      if (extensionNumber === undefined) return notFound(`message ${asked.value}`);
      return {
        $case: "allExtensionNumbersResponse",
        value: { baseTypeName: asked.value, extensionNumber },
      };
    }
    case undefined:
      return error(status.INVALID_ARGUMENT, "the request asks for nothing, or cannot be read");
  }
}

function files(closure: DescriptorClosure | undefined, sought: string): Answer {
  if (closure === undefined) return notFound(sought);
  return { $case: "fileDescriptorResponse", value: { fileDescriptorProto: [...closure] } };
}

function notFound(sought: string): Answer {
  return error(status.NOT_FOUND, `there is no ${sought}`);
}

function error(errorCode: status, errorMessage: string): Answer {
  return { $case: "errorResponse", value: { errorCode, errorMessage } };
}
