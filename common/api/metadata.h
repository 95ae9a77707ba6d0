#pragma once

// The metadata of gRPC calls that are Veche's own. A name stands here once, for the side that
// writes it and the side that reads it. None of it comes from clients: the gateway sends only what
// it sets itself.

namespace veche::api {

// The name of the service that calls on its own behalf: "appeals". Believed only where it is proven
// (common/rpc/caller.h).
inline constexpr char kServiceMetadata[] = "x-veche-service";
// Where the gateway's client is, without port: "203.0.113.7". Keeps short idempotency keys and
// uploads of guests apart; whoever forges it on the gRPC port gains little.
inline constexpr char kClientAddressMetadata[] = "x-veche-client-address";
// The caller's language, one of kLanguages; any other is that of the city.
inline constexpr char kLanguageMetadata[] = "x-veche-language";
// Violations::Serialize of the fields that the gateway could not read. The service adds what it
// finds itself and answers with all; the call does nothing.
inline constexpr char kViolationsMetadata[] = "x-veche-violations-bin";

}  // namespace veche::api
