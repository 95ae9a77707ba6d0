#pragma once

namespace veche::rpc {

// Keeps gRPC's callback queue for the life of the process. gRPC 1.51 destroys the queue with its
// last server or channel, and then sometimes frees it twice (found by AddressSanitizer in tests
// that start and stop servers). Repeated calls are cheap; thread-safe.
void KeepCallbackQueue();

}  // namespace veche::rpc
