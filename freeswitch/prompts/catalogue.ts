/* What callers hear: each prompt's words in both languages. The files under vi/ and en/ carry the same names. */

export type Language = 'vi' | 'en';

interface Words {
  vi: string;
  en: string;
}

/** Prompt → words. `tools/make-prompts.ts` speaks them; a recorded voice may take the files' place. */
export const prompts = {
  welcome: {
    vi: 'Xin chào. Đây là hệ thống tiếp công dân trực tuyến.',
    en: 'Hello. This is the online citizen reception service.',
  },
  welcomeKnown: {
    vi: 'Xin chào. Mời ông bà chờ trong giây lát, chúng tôi đang nối máy vào phiên tiếp công dân.',
    en: 'Hello. Please wait a moment, we are connecting you to the session.',
  },
  askRoom: {
    vi: 'Xin ông bà bấm số phòng, sau đó bấm phím thăng. Ông bà cứ bấm từ từ.',
    en: 'Please key the room number, then the hash key. Take your time.',
  },
  askPin: {
    vi: 'Xin ông bà bấm mã số đã được cấp, sau đó bấm phím thăng. Ông bà cứ bấm từ từ.',
    en: 'Please key the code you were given, then the hash key. Take your time.',
  },
  wrongPin: {
    vi: 'Mã số chưa đúng. Xin mời ông bà bấm lại.',
    en: 'That code is not right. Please try again.',
  },
  nothingKeyed: {
    vi: 'Chúng tôi chưa nhận được số nào.',
    en: 'We have not received any digits.',
  },
  lobby: {
    vi: 'Xin ông bà giữ máy. Cán bộ sẽ đón ông bà vào phiên.',
    en: 'Please hold the line. An officer will let you in.',
  },
  joining: {
    vi: 'Ông bà đang được nối vào phiên.',
    en: 'You are now joining the session.',
  },
  recording: {
    vi: 'Phiên tiếp công dân này được ghi âm và ghi hình.',
    en: 'This session is being recorded.',
  },
  locked: {
    vi: 'Phiên đã khóa. Xin ông bà gọi lại sau.',
    en: 'The session is locked. Please call again later.',
  },
  ended: {
    vi: 'Phiên tiếp công dân đã kết thúc. Xin cảm ơn ông bà.',
    en: 'The session has ended. Thank you.',
  },
  beginsSoon: {
    vi: 'Phiên tiếp công dân sẽ bắt đầu trong ít phút nữa. Xin mời ông bà chờ.',
    en: 'The session begins in a few minutes. Please wait.',
  },
  pausing: {
    vi: 'Phiên tạm nghỉ ít phút. Xin ông bà giữ máy.',
    en: 'The session pauses for a few minutes. Please hold the line.',
  },
  oneByOne: {
    vi: 'Xin mời mọi người giữ trật tự và lần lượt phát biểu.',
    en: 'Please speak one at a time.',
  },
  endsSoon: {
    vi: 'Phiên tiếp công dân sẽ kết thúc trong ít phút nữa.',
    en: 'The session ends in a few minutes.',
  },
  testGreeting: {
    vi: 'Đây là máy kiểm tra. Sau tiếng bíp, xin nói vài câu. Ông bà sẽ nghe lại tiếng của mình.',
    en: 'This is the test line. After the tone, say something. You will hear your own voice.',
  },
  testGood: { vi: 'Đường truyền tốt cả hai chiều.', en: 'Sound is good in both directions.' },
  testNoSound: {
    vi: 'Chúng tôi không nghe thấy tiếng của ông bà. Xin kiểm tra micrô.',
    en: 'We could not hear you. Please check the microphone.',
  },
  testLoss: { vi: 'Đường truyền bị mất gói. Tỷ lệ mất, phần trăm:', en: 'The line loses packets. Loss in percent:' },
  roomIs: { vi: 'Số phòng là', en: 'The room number is' },
  number0: { vi: 'không', en: 'zero' },
  number1: { vi: 'một', en: 'one' },
  number1after: { vi: 'mốt', en: 'one' },
  number2: { vi: 'hai', en: 'two' },
  number3: { vi: 'ba', en: 'three' },
  number4: { vi: 'bốn', en: 'four' },
  number4after: { vi: 'tư', en: 'four' },
  number5: { vi: 'năm', en: 'five' },
  number5after: { vi: 'lăm', en: 'five' },
  number6: { vi: 'sáu', en: 'six' },
  number7: { vi: 'bảy', en: 'seven' },
  number8: { vi: 'tám', en: 'eight' },
  number9: { vi: 'chín', en: 'nine' },
  ten: { vi: 'mười', en: 'ten' },
  tens: { vi: 'mươi', en: 'ty' },
  odd: { vi: 'linh', en: 'and' },
  hundred: { vi: 'trăm', en: 'hundred' },
  thousand: { vi: 'nghìn', en: 'thousand' },
} satisfies Record<string, Words>;

export type Prompt = keyof typeof prompts;

/** A prompt's file, below the prompts folder. */
export function promptFile(prompt: Prompt, language: Language): string {
  return `${language}/${prompt}.wav`;
}
