#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/rpc/call.h"
#include "common/rpc/channels.h"
#include "services/polling/protocol/closing_record.h"
#include "services/polling/protocol/definition.h"
#include "services/polling/remote/issuer_pauses.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/issuer/v1/issuer.grpc.pb.h"

namespace veche::polling {

// What an issuer says of its credentials.
struct Issued {
  protocol::ClosingRecord::Issuer counts;  // with the issuer's statement
  bool final = false;                      // the key is destroyed
};

// The issuers of credentials: the city's, and perhaps one of another body. Errors are those of the
// issuer, and those of gRPC; but CreateKey, Close and Count return Unavailable when the issuer does
// not answer, and do not ask it again before its pause is over (IssuerPauses). Thread-safe.
class Issuers {
 public:
  // `second` is the name of the second issuer, "" for none; its address is that of
  // "second_issuer". Tokens for issuers come from identity. Both `channels` and `clock` must
  // outlive the object.
  Issuers(rpc::Channels& channels, std::string second, const Clock& clock);

  // "city", and the second one's.
  const std::vector<std::string>& names() const { return names_; }

  // The keys of `issuer` for the poll of this definition; the same for the same definition.
  // FailedPrecondition when the issuer's own name is another.
  absl::StatusOr<protocol::Definition::Issuer> CreateKey(absl::string_view issuer,
                                                         const protocol::Definition& definition);
  // Signs for the caller, a resident. The issuer gets a token for itself and this poll alone, never
  // the caller's access token. Unavailable when the issuer does not accept that token.
  absl::StatusOr<std::string> Issue(const rpc::Call& call, absl::string_view issuer,
                                    absl::string_view poll, const std::string& blinded_message);
  // Destroys the key and returns the final counts. Idempotent.
  absl::StatusOr<Issued> Close(absl::string_view issuer, absl::string_view poll);
  absl::StatusOr<Issued> Count(absl::string_view issuer, absl::string_view poll);

 private:
  absl::StatusOr<std::string> TokenFor(const rpc::Call& call, absl::string_view issuer,
                                       absl::string_view poll);
  issuer::v1::Issuer::StubInterface& StubOf(absl::string_view issuer);
  template <typename Method, typename Request, typename Response>
  absl::Status Ask(absl::string_view issuer, Method method, absl::Duration timeout,
                   const Request& request, Response& response);

  IssuerPauses pauses_;
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<issuer::v1::Issuer::StubInterface>> stubs_;  // as names_
};

}  // namespace veche::polling
