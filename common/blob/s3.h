#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/blob/store.h"
#include "common/observe/telemetry.h"

namespace veche::blob {

struct S3Options {
  std::string url;  // "https://s3.example.org", without a path
  std::string region = "us-east-1";
  std::string bucket;
  std::string prefix;  // of the names of objects: "appeals/"
  std::string key_id;
  std::string secret;
  std::string encryption;       // the header x-amz-server-side-encryption; empty: none
  std::string ca_file;          // PEM; empty: the authorities of the system
  std::filesystem::path spool;  // folder for files that are being uploaded; is created

  int64_t part_bytes = 5 << 20;  // larger files go up in parts; at least 5 MiB for Amazon
  int list_page = 1000;
  absl::Duration connect_timeout = absl::Seconds(3);
  absl::Duration timeout = absl::Seconds(15);            // of a request
  int tries = 3;                                         // of a request
  absl::Duration first_pause = absl::Milliseconds(100);  // between tries; then four times as long
  absl::Duration rest = absl::Seconds(5);  // between two calls while the store is away
  int concurrency = 32;  // calls at once; more fail, so that a slow store holds no more threads
};

// Stores each blob as an object in a bucket of a store with the interface of S3. Several processes
// may share the bucket.
//
// An upload is spooled to an unnamed temporary file, because its name, the hash, is known at the
// end only: it takes no object of another name, no copying within the bucket and no cleaning up,
// and a request that failed can be repeated. Commit then makes the object in one step. Each commit
// has a key of its own, also for equal content. So no object is ever written again, and DeleteOlder
// is safe with the two requests that it needs; S3 has no deletion under the condition of an age.
//
// A store that does not answer is not an error here: calls then return Unavailable, of which the
// log says one line and veche_blob_store_reachable 0, until the store answers again. Requests are
// repeated. While the store is away, one call at a time is tried; the others fail without waiting.
//
// Errors: FailedPrecondition when libcurl cannot be used or `ca_file` cannot be read, Unavailable
// or ResourceExhausted when the folder cannot be made.
absl::StatusOr<std::unique_ptr<Store>> OpenS3(S3Options options, observe::Telemetry telemetry);

}  // namespace veche::blob
