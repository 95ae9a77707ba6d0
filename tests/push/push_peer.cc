// Prints the request that sends a message to a browser, for peers in the tests:
// push_peer ENDPOINT P256DH AUTH TEXT. Keys are base64url. One JSON object: headers, the body in
// base64url, and the public key of the application server.

#include <iostream>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "common/base/json_text.h"
#include "common/crypto/p256.h"
#include "services/notifications/sending/push_sender.h"

int main(int argc, char** argv) {
  using namespace veche;                 // NOLINT
  using namespace veche::notifications;  // NOLINT
  if (argc != 5) return 2;
  PushSubscription subscription{.endpoint = argv[1]};
  absl::WebSafeBase64Unescape(argv[2], &subscription.p256dh);
  absl::WebSafeBase64Unescape(argv[3], &subscription.auth);
  VapidSigner signer(crypto::GenerateP256(), "mailto:operator@example.org");
  const Message message{.title = argv[4], .severity = Severity::kWarning};
  const auto request =
      MakePushRequest(subscription, message, std::string(27, 'k'), signer, absl::Now());
  if (!request.ok()) {
    std::cerr << request.status() << std::endl;
    return 1;
  }
  JsonText json;
  json.BeginObject().Member("url", request->url).Member("publicKey", signer.public_key());
  json.Key("headers").BeginObject();
  for (const auto& [name, value] : request->headers) json.Member(name, value);
  json.EndObject().Member("body", absl::WebSafeBase64Escape(request->body)).EndObject();
  std::cout << json.Take() << std::endl;
}
