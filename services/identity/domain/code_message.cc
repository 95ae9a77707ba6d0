#include "services/identity/domain/code_message.h"

#include "absl/strings/substitute.h"

namespace veche::identity {
namespace {

struct Template {
  absl::string_view language;
  absl::string_view subject;
  absl::string_view body;
};

constexpr Template kTemplates[] = {
    {"ru", "Код для входа", "Код для входа: $0. Никому его не сообщайте. Он действует 10 минут."},
    {"tt", "Керү коды", "Керү коды: $0. Аны беркемгә дә әйтмәгез. Ул 10 минут гамәлдә."},
    {"uk", "Код для входу", "Код для входу: $0. Нікому його не повідомляйте. Він діє 10 хвилин."},
    {"en", "Sign-in code", "Your sign-in code: $0. Tell it to nobody. It works for 10 minutes."},
};

}  // namespace

CodeMessage MakeCodeMessage(absl::string_view code, absl::string_view language) {
  const Template* chosen = &kTemplates[0];
  for (const Template& candidate : kTemplates) {
    if (candidate.language == language) chosen = &candidate;
  }
  return {std::string(chosen->subject), absl::Substitute(chosen->body, code)};
}

}  // namespace veche::identity
