#pragma once

namespace veche::rpc {

// Keeps gRPC's callback queue for the life of the process. gRPC 1.51 destroys it with its last
// server or channel and sometimes frees it twice then (AddressSanitizer, where servers come and
// go). Cheap to repeat; thread-safe.
void KeepCallbackQueue();

}  // namespace veche::rpc
