export const advice = {
  'advice.lobby.waiting': 'Hỏi xem đó là ai, rồi bấm “Cho vào” hoặc “Từ chối” ở ô Phòng chờ.',
  'advice.uplink.lost':
    'Hệ thống tự gọi lại. Nếu quá 2 phút chưa nối được: gọi điện cho cán bộ kỹ thuật của tỉnh, kiểm tra đường Internet của xã.',
  'advice.participant.cannot-be-called':
    'Kiểm tra thiết bị đã bật và có mạng; xem trang Thiết bị. Sau đó bấm “Gọi lại”.',
  'advice.rehearsal.failed': 'Mở kế hoạch của phiên, xem kết quả kiểm tra từng bên, sửa xong thì bấm kiểm tra lại.',
  'advice.media.lost': 'Chờ khoảng 10 giây, các bên tự nối lại. Nếu không, bấm “Gọi lại” từng bên.',
  'advice.recording.failed': 'Xem dung lượng đĩa ở trang Hệ thống, xóa bớt hoặc thêm đĩa, rồi bấm “Ghi hình, ghi âm”.',
  'advice.space.low': 'Chuyển bớt dữ liệu sang ổ khác ngay: hết chỗ thì hệ thống ngừng ghi.',
  'advice.space.full': 'Giải phóng chỗ trống; hệ thống tự ghi tiếp vào cùng một tệp.',
  'advice.recording.altered':
    'Đừng xóa hay sửa tệp. Mở bản ghi, bấm “Kiểm tra tệp”: nếu bản sao ở kho thứ hai còn nguyên vẹn thì dùng bản sao đó. Báo người phụ trách an toàn thông tin.',
  'advice.recording.missing':
    'Kiểm tra ổ đĩa ghi hình có bị rút hay hỏng không. Lấy lại tệp từ kho thứ hai hoặc từ bản sao lưu, rồi mở bản ghi và bấm “Kiểm tra tệp”.',
  'advice.archive.altered':
    'Đừng xóa bản sao. Mở bản ghi, bấm “Kiểm tra tệp” để biết bản gốc còn nguyên vẹn không; hệ thống tự sao lại từ bản gốc. Xem ai vào được kho thứ hai và báo người phụ trách an toàn thông tin.',
  'advice.archive.missing':
    'Kiểm tra ổ đĩa hay thư mục mạng của kho thứ hai. Hệ thống tự sao lại từ bản gốc khi kho có trở lại.',
  'advice.archive.unreachable': 'Kiểm tra ổ đĩa hay thư mục mạng của kho thứ hai; hệ thống tự thử lại.',
  'advice.leg.silent': 'Nhờ bên đó kiểm tra micro đã bật, chưa tắt tiếng; sau đó ngắt và gọi lại.',
  'advice.leg.dark': 'Nhờ bên đó kiểm tra camera đã bật, nắp che đã mở. Tiếng nói vẫn dùng được.',
  'advice.leg.unauthentic':
    'Ngắt bên này rồi gọi lại. Nếu vẫn lỗi: đặt “Mã hóa tiếng và hình” của thiết bị là “Tắt” ở trang Thiết bị.',
  'advice.leg.poor-line': 'Dừng các việc tải xuống khác trên cùng đường mạng; dùng dây mạng thay cho Wi-Fi.',
  'advice.room.layout-fallback': 'Phiên vẫn tiếp tục. Khi bớt người, chọn lại bố cục ở nút “Bố cục hình”.',
  'advice.room.layout-refused':
    'Phiên vẫn tiếp tục, chiếu người đang nói. Hỏi đơn vị hỗ trợ xem máy chủ hình ảnh đã có phần ghép hình chưa.',
  'advice.engine.lost':
    'Bộ phận này tự khởi động lại trong vài giây. Nếu lặp lại nhiều lần: xem trang Hệ thống và báo đơn vị hỗ trợ.',
  'advice.trunk.refused': 'Kiểm tra tên và mật khẩu đường dây ở trang Đường dây; gọi tổng đài hỗ trợ của nhà mạng.',
  'advice.trunk.unreachable': 'Kiểm tra đường Internet. Trong lúc chờ, người dân có thể đến phòng tiếp công dân.',
  'advice.gatekeeper.refused': 'Hỏi cán bộ kỹ thuật của tỉnh tên và mật khẩu đăng ký gatekeeper.',
  'advice.device.key-elsewhere':
    'Thiết bị vừa được chuyển sang mạng khác? Mở thiết bị ở trang Thiết bị, bấm “Đúng là mạng của thiết bị”. Nếu không ai chuyển: bấm “Đổi khóa”.',
  'advice.device.key-misused':
    'Mở thiết bị ở trang Thiết bị, bấm “Đổi khóa”. Tìm xem máy nào trong mạng đó đã gửi yêu cầu; nếu là thiết bị của ta thì xóa cấu hình cũ (đặt lại như lúc xuất xưởng) rồi cho vào lại.',
  'advice.provisioning.blocked':
    'Nếu là thiết bị của ta: xem lại địa chỉ MAC, rồi bấm “Bỏ chặn” ở trang “Tự cấu hình”. Nếu là máy lạ: cứ để chặn, tìm máy mang địa chỉ này và ngắt khỏi mạng.',
  'advice.provisioning.firmware-altered':
    'Đừng dùng tệp này. Xóa nó ở trang “Tự cấu hình”, tải lại từ trang của hãng, rồi gửi lên cùng mã SHA-256. Nếu không ai thay tệp: báo người phụ trách an toàn thông tin.',
  'advice.gatekeeper.unreachable': 'Kiểm tra đường truyền tới tỉnh; gọi cán bộ kỹ thuật của tỉnh.',
} as const;
