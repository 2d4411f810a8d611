import 'element-plus/theme-chalk/el-input.css'
import 'element-plus/theme-chalk/el-input-number.css'

export { ElInputNumber } from 'element-plus/es/components/input-number/index'
