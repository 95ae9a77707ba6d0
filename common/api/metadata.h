#pragma once

// The gRPC metadata that Veche defines, for the side that writes it and the side that reads it. No
// such metadata comes from clients: the gateway sends only values that it sets itself.

namespace veche::api {

// The name of the service that calls on its own behalf: "appeals". Accepted only with proof
// (common/rpc/caller.h).
inline constexpr char kServiceMetadata[] = "x-veche-service";
// The IP address of the gateway's client, without port: "203.0.113.7". Separates short idempotency
// keys and uploads of different guests; forging it on the gRPC port gains little.
inline constexpr char kClientAddressMetadata[] = "x-veche-client-address";
// The language that the caller asked for, one of kLanguages. Without it, or with any other value,
// the locale in the caller's token applies, else the city's language.
inline constexpr char kLanguageMetadata[] = "x-veche-language";
// Violations::Serialize of the fields that the gateway could not read. The service adds its own,
// answers with all of them, and changes nothing.
inline constexpr char kViolationsMetadata[] = "x-veche-violations-bin";

}  // namespace veche::api
