/** Vietnamese words of what an IT officer does for the product itself. */
export const upkeepVi = {
  'upkeep.calls': 'Đang có {calls} cuộc gọi. Hãy chờ các phiên kết thúc rồi làm lại.',
  'engine.not-ours': 'Bộ phận này do máy chủ khác chạy; hãy khởi động lại ở máy đó.',
  'engine.not-running': 'Bộ phận này đang khởi động, hãy chờ.',
  'backup.running': 'Đang có một bản sao lưu được tạo.',
  'backup.no-space': 'Không đủ chỗ: cần khoảng {wanted} MB, còn {free} MB.',
  'certificate.unreadable': 'Đây không phải chứng thư dạng PEM.',
  'certificate.key-unreadable': 'Đây không phải khóa riêng dạng PEM, hoặc khóa còn đặt mật khẩu.',
  'certificate.key-of-another': 'Khóa riêng không thuộc chứng thư này.',
  'certificate.over': 'Chứng thư đã hết hạn.',
  'certificate.not-yet': 'Chứng thư chưa đến ngày có hiệu lực.',
};
